package adit.server.channel;

import java.util.List;

import org.junit.jupiter.api.Test;

import adit.pow.Difficulty;

import static org.assertj.core.api.Assertions.assertThat;

final class DifficultyMemoryTest {

    private long day = 20_000;
    private final DifficultyMemory memory = new DifficultyMemory(() -> day);

    @Test
    void knowsAWorkerByNameAndKindOfMachineWhateverItsVersion() {
        memory.remember("bc1q.rig1", "bitaxe/BM1370/v2.4", 512 * Difficulty.ONE);

        assertThat(memory.recall("bc1q.rig1", "bitaxe/BM1368/v2.5"))
                .isEqualTo(512 * Difficulty.ONE);
        assertThat(memory.recall("bc1q.rig1", "cgminer/4.11.1")).isZero();
        assertThat(memory.recall("bc1q.rig2", "bitaxe/BM1370/v2.4")).isZero();
    }

    @Test
    void keepsThePowerOfTwoBelow() {
        memory.remember("a", "x", 1000 * Difficulty.ONE);
        memory.remember("b", "x", 1);
        memory.remember("c", "x", Difficulty.MAX_UNITS);

        assertThat(memory.recall("a", "x")).isEqualTo(512 * Difficulty.ONE);
        assertThat(memory.recall("b", "x")).isEqualTo(1);
        assertThat(memory.recall("c", "x")).isEqualTo(Long.highestOneBit(Difficulty.MAX_UNITS));
    }

    @Test
    void forgetsAfterAWeek() {
        memory.remember("a", "x", Difficulty.ONE);
        day += DifficultyMemory.DAYS;
        assertThat(memory.recall("a", "x")).isEqualTo(Difficulty.ONE);

        day++;

        assertThat(memory.recall("a", "x")).isZero();
        assertThat(memory.lines()).isEmpty();
    }

    @Test
    void takesUpWhatWasWritten() {
        for (int i = 0; i < 1000; i++) {
            memory.remember("worker" + i, "x", 1L << i % 60);
        }
        var other = new DifficultyMemory(() -> day);
        other.read(memory.lines());

        for (int i = 0; i < 1000; i++) {
            assertThat(other.recall("worker" + i, "x")).isEqualTo(1L << i % 60);
        }
        assertThat(other.lines()).hasSize(1000);
    }

    @Test
    void leavesOutLinesThatSayNothingSensible() {
        memory.read(List.of("", "zz", "fffff0123456789abcdef", "0000g0123456789abcdef", "00000"));

        assertThat(memory.lines()).isEmpty();
    }

    @Test
    void staysWithinItsRoomAndKeepsNearlyAllOfAHundredThousand() {
        for (int i = 0; i < 100_000; i++) {
            memory.remember("worker" + i, "x", Difficulty.ONE);
        }
        int known = 0;
        for (int i = 0; i < 100_000; i++) {
            known += memory.recall("worker" + i, "x") > 0 ? 1 : 0;
        }
        assertThat(known).isGreaterThan(85_000);

        for (int i = 0; i < 1_000_000; i++) {
            memory.remember("other" + i, "x", Difficulty.ONE);
        }
        var lines = memory.lines();
        assertThat(lines).hasSizeLessThanOrEqualTo(DifficultyMemory.PLACES);
        assertThat(22L * lines.size()).isLessThan(DifficultyMemory.MAX_BYTES);
    }

    @Test
    void putsTheNewestInThePlaceOfTheOldest() {
        for (int i = 0; i < 600_000; i++) {
            memory.remember("old" + i, "x", Difficulty.ONE);
        }
        day++;
        for (int i = 0; i < 20_000; i++) {
            memory.remember("new" + i, "x", 2 * Difficulty.ONE);
        }
        for (int i = 0; i < 20_000; i++) {
            memory.remember("old" + i, "x", Difficulty.ONE);
        }
        int known = 0;
        for (int i = 0; i < 20_000; i++) {
            known += memory.recall("new" + i, "x") > 0 ? 1 : 0;
        }

        assertThat(known).isGreaterThan(19_000);
    }
}
