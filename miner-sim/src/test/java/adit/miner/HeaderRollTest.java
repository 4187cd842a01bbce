package adit.miner;

import java.util.HashSet;
import java.util.HexFormat;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

final class HeaderRollTest {
    private static final long SEED = 0x1234_5678_9abc_def0L;

    @Test
    void meetsEveryPairOfExtranonceAndVersionOnce() {
        var roll = new HeaderRoll(work(1, 0x0000_e000), 16);
        var seen = new HashSet<String>();

        for (int i = 0; i < 256 * 8; i++) {
            assertThat(roll.advance()).isTrue();
            assertThat(roll.firstNonce()).isEqualTo(0x1234_5678);
            assertThat(roll.versionBits() & ~0x0000_e000).isZero();
            seen.add(key(roll));
        }

        assertThat(seen).hasSize(256 * 8);
    }

    @Test
    void goesOnToOtherNoncesWhenThePairsAreUsedUp() {
        var roll = new HeaderRoll(work(0, 0), 31);

        assertThat(roll.advance()).isTrue();
        assertThat(roll.firstNonce()).isEqualTo(0x1234_5678);
        assertThat(roll.advance()).isTrue();
        assertThat(roll.firstNonce()).isEqualTo(0x9234_5678);
        assertThat(roll.advance()).isFalse();
    }

    @Test
    void rollsNoVersionWithoutAMask() {
        var roll = new HeaderRoll(work(8, 0), 16);

        for (int i = 0; i < 100; i++) {
            assertThat(roll.advance()).isTrue();
            assertThat(roll.versionBits()).isZero();
        }
    }

    @Test
    void leavesThePrefixAlone() {
        var roll = new HeaderRoll(work(8, V1Session.VERSION_MASK), 16);
        var seen = new HashSet<String>();

        for (int i = 0; i < 1_000; i++) {
            assertThat(roll.advance()).isTrue();
            assertThat(roll.extranonce()).hasSize(10).startsWith(7, 7);
            seen.add(HexFormat.of().formatHex(roll.extranonce()));
        }

        assertThat(seen).hasSize(1_000);
    }

    private static String key(HeaderRoll roll) {
        return HexFormat.of().formatHex(roll.extranonce()) + " " + roll.versionBits();
    }

    private static Work work(int extranonceBytes, int versionMask) {
        return Work.of(Jobs.job(1, true), new byte[] {7, 7}, extranonceBytes, versionMask, 1, SEED);
    }
}
