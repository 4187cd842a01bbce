package adit.payout;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/// Thousands of random blocks against [FractionModel]. A failure names the seed that makes it again.
final class SettlementPropertiesTest {
    private static final int CASES = 10_000;
    private static final long FIRST_SEED = 0x5eed;
    private static final int[] REAL_NBITS = {0x17020f77, 0x1701ddff, 0x17053894, 0x207fffff};

    @Test
    void creditsEveryAccountWithinAUnitOfItsExactPart() {
        everySeed((seed, random) -> {
            var scheme = pplns(random);
            long rewardMsat = reward(random);
            int feeBps = random.nextInt(10_001);
            var work = work(random, feeBps);

            var distribution = distribute(scheme, rewardMsat, work);

            var counted = FractionModel.counted(scheme, work);
            var filled = FractionModel.sum(counted);
            assertThat(distribution.window().filledBlocks()).as("seed %d", seed).isEqualTo(filled);
            if (filled.signum() == 0) {
                assertThat(distribution.unattributedMsat())
                        .as("seed %d", seed)
                        .isEqualTo(rewardMsat);
                return;
            }
            boolean keeps = scheme.underfull() == Pplns.Underfull.POOL_KEEPS;
            var whole =
                    keeps && filled.compareTo(scheme.windowBlocks()) < 0
                            ? scheme.windowBlocks()
                            : filled;
            var net = Rational.of(rewardMsat - distribution.feeMsat());
            FractionModel.gross(net, whole, work, counted)
                    .forEach((account, exact) -> {
                        long credit = distribution.creditsMsat().getOrDefault(account, 0L);
                        assertThat(isWithinAUnit(credit, exact))
                                .as("seed %d account %d", seed, account)
                                .isTrue();
                    });
            var kept = net.times(Rational.ONE.minus(FractionModel.ratio(filled, whole)));
            assertThat(isWithinAUnit(distribution.operatorMsat(), kept))
                    .as("seed %d", seed)
                    .isTrue();
            assertThat(distribution.feeMsat())
                    .as("seed %d", seed)
                    .isEqualTo(
                            BigInteger.valueOf(rewardMsat)
                                    .multiply(BigInteger.valueOf(feeBps))
                                    .divide(BigInteger.valueOf(10_000))
                                    .longValueExact());
        });
    }

    @Test
    void takesEachFeeFromItsOwnWork() {
        everySeed((seed, random) -> {
            long rewardMsat = reward(random);
            var fees = new int[] {0, 100, 250, 10_000};
            var work = new ArrayList<WorkSlice>();
            for (var slice : work(random, 0)) {
                work.add(withFee(slice, fees[random.nextInt(fees.length)]));
            }
            var scheme =
                    new Pplns(
                            Rational.of(1_000_000_000),
                            Pplns.Cutoff.PARTIAL,
                            Pplns.Underfull.NORMALIZE);

            var distribution = distribute(scheme, rewardMsat, work);

            var counted = FractionModel.counted(scheme, work);
            var filled = FractionModel.sum(counted);
            if (filled.signum() == 0) {
                return;
            }
            var exactFee = Rational.ZERO;
            for (int i = 0; i < work.size(); i++) {
                exactFee =
                        exactFee.plus(
                                counted.get(i).times(Rational.of(work.get(i).feeBps(), 10_000)));
            }
            exactFee = FractionModel.ratio(exactFee.times(Rational.of(rewardMsat)), filled);
            var error = exactFee.minus(Rational.of(distribution.feeMsat()));
            // Each class may round its part and its fee once.
            assertThat(
                            error.compareTo(Rational.of(-fees.length)) > 0
                                    && error.compareTo(Rational.of(2L * fees.length)) < 0)
                    .as("seed %d: fee off by %s", seed, error)
                    .isTrue();
        });
    }

    @Test
    void doesNotCareAboutTheOrderOfSlicesOfTheSameOrder() {
        everySeed((seed, random) -> {
            var scheme = pplns(random);
            long rewardMsat = reward(random);
            var minutes = new ArrayList<List<WorkSlice>>();
            for (var slice : work(random, random.nextInt(300))) {
                if (minutes.isEmpty() || random.nextInt(4) == 0) {
                    minutes.add(new ArrayList<>());
                }
                minutes.getLast().add(atOrder(slice, 1_000 - minutes.size()));
            }
            var inOneOrder = minutes.stream().flatMap(List::stream).toList();
            minutes.forEach(minute -> Collections.shuffle(minute, random));
            var inAnother = minutes.stream().flatMap(List::stream).toList();

            assertThat(distribute(scheme, rewardMsat, inOneOrder))
                    .as("seed %d", seed)
                    .isEqualTo(distribute(scheme, rewardMsat, inAnother));
        });
    }

    @Test
    void sumsSharesIntoSlicesWithoutChangingACredit() {
        everySeed((seed, random) -> {
            long rewardMsat = reward(random);
            var shares = work(random, 100);
            var byAccountAndNetwork = new ArrayList<WorkSlice>();
            for (var share : shares) {
                int same = 0;
                while (same < byAccountAndNetwork.size()
                        && (byAccountAndNetwork.get(same).account() != share.account()
                                || !byAccountAndNetwork
                                        .get(same)
                                        .network()
                                        .equals(share.network()))) {
                    same++;
                }
                if (same == byAccountAndNetwork.size()) {
                    byAccountAndNetwork.add(atOrder(share, 0));
                } else {
                    var slice = byAccountAndNetwork.get(same);
                    byAccountAndNetwork.set(
                            same,
                            withUnits(slice, slice.difficultyUnits().add(share.difficultyUnits())));
                }
            }

            var ofShares =
                    Settlement.distribute(new Proportional(), rewardMsat, shares, new Finder(1, 0));
            var ofSlices =
                    Settlement.distribute(
                            new Proportional(), rewardMsat, byAccountAndNetwork, new Finder(1, 0));

            assertThat(ofSlices.creditsMsat())
                    .as("seed %d", seed)
                    .isEqualTo(ofShares.creditsMsat());
        });
    }

    @Test
    void fillsAPartialWindowExactly() {
        everySeed((seed, random) -> {
            var work = work(random, 0);
            var all = FractionModel.sum(work.stream().map(FractionModel::weight).toList());
            if (all.signum() == 0) {
                return;
            }
            var size = all.times(Rational.of(1 + random.nextInt(99), 100));

            var window =
                    distribute(
                                    new Pplns(
                                            size, Pplns.Cutoff.PARTIAL, Pplns.Underfull.NORMALIZE),
                                    1_000,
                                    work)
                            .window();

            assertThat(window.filledBlocks()).as("seed %d", seed).isEqualTo(size);
        });
    }

    private interface Property {
        void holds(long seed, Random random);
    }

    private static void everySeed(Property property) {
        LongStream.range(FIRST_SEED, FIRST_SEED + CASES)
                .forEach(seed -> property.holds(seed, new Random(seed)));
    }

    private static boolean isWithinAUnit(long amount, Rational exact) {
        var error = Rational.of(amount).minus(exact);
        return error.compareTo(Rational.ONE) < 0 && error.compareTo(Rational.of(-1)) > 0;
    }

    private static Distribution distribute(Pplns scheme, long rewardMsat, List<WorkSlice> work) {
        return Settlement.distribute(scheme, rewardMsat, work, new Finder(1, 0));
    }

    private static Pplns pplns(Random random) {
        return new Pplns(
                Rational.of(1 + random.nextInt(400), 1 + random.nextInt(100)),
                oneOf(random, Pplns.Cutoff.values()),
                oneOf(random, Pplns.Underfull.values()));
    }

    private static <T> T oneOf(Random random, T[] values) {
        return values[random.nextInt(values.length)];
    }

    /// Small rewards, where each unit shows, as often as real ones.
    private static long reward(Random random) {
        return random.nextBoolean()
                ? random.nextInt(1_000)
                : 312_500_000_000L + random.nextInt(1_000_000_000);
    }

    private static List<WorkSlice> work(Random random, int feeBps) {
        int shares = random.nextInt(30);
        int accounts = 1 + random.nextInt(10);
        boolean real = random.nextBoolean();
        var work = new ArrayList<WorkSlice>(shares);
        for (int i = 0; i < shares; i++) {
            var network =
                    real
                            ? NetworkDifficulty.ofNBits(
                                    REAL_NBITS[random.nextInt(REAL_NBITS.length)])
                            : NetworkDifficulty.of(
                                    Rational.of(1 + random.nextInt(3), 1 + random.nextInt(3)));
            long units = random.nextInt(10) == 0 ? 0 : random.nextLong(real ? 1L << 62 : 1L << 33);
            work.add(
                    WorkSlice.ofShares(
                            1 + random.nextInt(accounts),
                            feeBps,
                            new OrderRange(100 - i, 100 - i),
                            1 + random.nextInt(3),
                            units,
                            network,
                            312_500_000));
        }
        return work;
    }

    private static WorkSlice withFee(WorkSlice s, int feeBps) {
        return new WorkSlice(
                s.account(),
                feeBps,
                s.newestOrder(),
                s.oldestOrder(),
                s.difficultyUnits(),
                s.network(),
                s.subsidySats(),
                s.jobRewardSats());
    }

    private static WorkSlice atOrder(WorkSlice s, long order) {
        return new WorkSlice(
                s.account(),
                s.feeBps(),
                order,
                order,
                s.difficultyUnits(),
                s.network(),
                s.subsidySats(),
                s.jobRewardSats());
    }

    private static WorkSlice withUnits(WorkSlice s, BigInteger units) {
        return new WorkSlice(
                s.account(),
                s.feeBps(),
                s.newestOrder(),
                s.oldestOrder(),
                units,
                s.network(),
                s.subsidySats(),
                s.jobRewardSats());
    }
}
