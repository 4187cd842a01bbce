package adit.node;

import java.math.BigInteger;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;

import adit.pow.Hash;
import adit.pow.Target;
import adit.pow.Template;

import static org.assertj.core.api.Assertions.assertThat;

final class ChainFloorTest {

    private static final long TWO_WEEKS_SECONDS = 14 * 24 * 3600;
    private static final int PERIOD = 2016;
    private static final int BITS = 0x1a00ffff;

    /// Two branches of a chain part at most a hundred blocks below what was mined, and go on for up to five retargets
    /// with any times the rules allow, mostly the most extreme ones.
    @Test
    void refusesNoLegalChainOfAnyNetwork() {
        for (var name : List.of("mainnet", "testnet4", "signet")) {
            var chain = ChainParameters.of(name);
            var limit = Target.fromNBits(chain.powLimitBits());
            for (long seed = 1; seed <= 5_000; seed++) {
                var random = new Random(seed);
                int mined = PERIOD + random.nextInt(3 * PERIOD);
                if (random.nextBoolean()) {
                    mined = PERIOD * (1 + random.nextInt(3)) + random.nextInt(-3, 103);
                }
                int firstOther = mined - random.nextInt(ChainFloor.MAX_FALL_BLOCKS + 1);
                int offered = firstOther + random.nextInt(random.nextBoolean() ? 150 : 5 * PERIOD);
                int common =
                        Target.of(limit.toBigInteger().shiftRight(random.nextInt(80))).toNBits();
                var floor = new ChainFloor(mined, at(mined, firstOther, common, limit, random));
                int nBits = at(offered, firstOther, common, limit, random);

                assertThat(floor.doubt(template(offered, nBits), chain))
                        .as("%s, seed %d: %s, then %08x at %d", name, seed, floor, nBits, offered)
                        .isEmpty();
            }
        }
    }

    @Test
    void refusesHalfTheDifficultyWithinAPeriod() {
        var floor = new ChainFloor(10 * PERIOD + 200, BITS);

        assertThat(doubt(floor, 10 * PERIOD + 300, 0x1a01fffe)).isEmpty();
        assertThat(doubt(floor, 10 * PERIOD + 300, 0x1a01ffff)).contains("far less");
        assertThat(doubt(floor, 11 * PERIOD - 1, 0x1a01ffff)).contains("far less");
    }

    @Test
    void refusesWhatNoRetargetCanHaveEased() {
        var floor = new ChainFloor(10 * PERIOD + 200, BITS);

        assertThat(doubt(floor, 11 * PERIOD, 0x1a07fff8)).isEmpty();
        assertThat(doubt(floor, 11 * PERIOD, 0x1a07fff9)).contains("far less");
        assertThat(doubt(floor, 12 * PERIOD, 0x1a1fffe0)).isEmpty();
        assertThat(doubt(floor, 12 * PERIOD, 0x1a1fffe1)).contains("far less");
    }

    @Test
    void takesAnyTargetAfterManyYears() {
        assertThat(doubt(new ChainFloor(1, 0x03000001), Integer.MAX_VALUE, 0x1d00ffff)).isEmpty();
    }

    @Test
    void takesTheEasiestTargetAtAnyTimeWhereALateBlockMayHaveIt() {
        var floor = new ChainFloor(10 * PERIOD + 200, BITS);
        var offered = template(10 * PERIOD + 201, 0x1d00ffff);

        assertThat(floor.doubt(offered, ChainParameters.testnet4())).isEmpty();
        assertThat(floor.doubt(offered, ChainParameters.signet())).contains("far less");
    }

    /// The nBits of a branch at a height, as Bitcoin Core computes them; what comes before the first block that is its
    /// own decides up to that one.
    private static int at(int height, int firstOwn, int common, Target limit, Random random) {
        int nBits = common;
        for (int retarget = (firstOwn / PERIOD + 1) * PERIOD;
                retarget <= height;
                retarget += PERIOD) {
            long seconds =
                    switch (random.nextInt(3)) {
                        case 0 -> TWO_WEEKS_SECONDS / 4;
                        case 1 -> TWO_WEEKS_SECONDS * 4;
                        default ->
                                random.nextLong(TWO_WEEKS_SECONDS / 4, TWO_WEEKS_SECONDS * 4 + 1);
                    };
            var target =
                    Target.fromNBits(nBits)
                            .toBigInteger()
                            .multiply(BigInteger.valueOf(seconds))
                            .divide(BigInteger.valueOf(TWO_WEEKS_SECONDS));
            nBits = Target.of(target.min(limit.toBigInteger())).toNBits();
        }
        return nBits;
    }

    private static String doubt(ChainFloor floor, int height, int nBits) {
        return floor.doubt(template(height, nBits), ChainParameters.mainnet());
    }

    private static Template template(int height, int nBits) {
        return new Template(height, 4, Hash.ZERO, height, nBits, 1, 2, 50, 50, List.of(), "one");
    }
}
