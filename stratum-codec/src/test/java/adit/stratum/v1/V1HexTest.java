package adit.stratum.v1;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

final class V1HexTest {

    @Test
    void writesJobIdsWithTenDigitsOrMore() {
        assertThat(Lines.written(out -> V1Hex.putJobId(out, 0x6f1))).isEqualTo("00000006f1");
        assertThat(Lines.written(out -> V1Hex.putJobId(out, 0xff_ffff_ffffL)))
                .isEqualTo("ffffffffff");
        assertThat(Lines.written(out -> V1Hex.putJobId(out, 0x100_0000_0000L)))
                .isEqualTo("10000000000");
        assertThat(Lines.written(out -> V1Hex.putJobId(out, -1))).isEqualTo("ffffffffffffffff");
        assertThat(V1Hex.jobIdDigits(0)).isEqualTo(10);
        assertThat(V1Hex.jobIdDigits(-1)).isEqualTo(16);
    }

    @Test
    void readsOneToEightDigitsOfEitherCase() {
        assertThat(V1Hex.number("f")).isEqualTo(15);
        assertThat(V1Hex.number("aBcDeF01")).isEqualTo(0xabcdef01L);
        for (var text :
                new String[] {"", "123456789", "0x1", "+1", " 1", "1_2", "\uff11", "\u0661"}) {
            assertThat(V1Hex.number(text)).as(text).isNegative();
        }
    }

    @Test
    void readsBytesThatFit() {
        var target = new byte[2];
        assertThat(V1Hex.bytes("", target)).isZero();
        assertThat(V1Hex.bytes("0AfF", target)).isEqualTo(2);
        assertThat(target).containsExactly(0x0a, 0xff);
        assertThat(V1Hex.bytes("000000", target)).isNegative();
        assertThat(V1Hex.bytes("0", target)).isNegative();
        assertThat(V1Hex.bytes("g0", target)).isNegative();
        assertThat(V1Hex.bytes("0g", target)).isNegative();
    }
}
