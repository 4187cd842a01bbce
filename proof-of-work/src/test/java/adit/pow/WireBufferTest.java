package adit.pow;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class WireBufferTest {
    @Test
    void writesSizesInTheirShortestForm() {
        assertThat(sized(0)).isEqualTo("00");
        assertThat(sized(0xfc)).isEqualTo("fc");
        assertThat(sized(0xfd)).isEqualTo("fdfd00");
        assertThat(sized(0xffff)).isEqualTo("fdffff");
        assertThat(sized(0x1_0000)).isEqualTo("fe00000100");
        assertThat(sized(Integer.MAX_VALUE)).isEqualTo("feffffff7f");
    }

    @Test
    void writesLittleEndianNumbersAndRawBytes() {
        var buffer =
                new WireBuffer(1)
                        .int8(0xfe)
                        .int32(0x80020304)
                        .int64(0x8102030405060708L)
                        .raw(new byte[] {1, 2, 3}, 1, 2);

        assertThat(Vectors.hex(buffer.toBytes()))
                .isEqualTo("fe" + "04030280" + "0807060504030281" + "0203");
    }

    private static String sized(int size) {
        return Vectors.hex(new WireBuffer(8).compactSize(size).toBytes());
    }
}
