package adit.payout;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

final class PpsAccrualTest {
    @Test
    void creditsTheSameHoweverTheWorkIsCutIntoIntervals() {
        for (long seed = 1; seed <= 2_000; seed++) {
            var random = new Random(seed);
            var work = new ArrayList<WorkSlice>();
            for (int i = random.nextInt(40); i >= 0; i--) {
                work.add(slice(random));
            }
            var inOne = PpsAccrual.NOTHING.accrue(work);

            long creditMsat = 0;
            long feeMsat = 0;
            var claim = PpsAccrual.NOTHING;
            for (int from = 0; from < work.size(); ) {
                int to = Math.min(work.size(), from + random.nextInt(5));
                var accrued = claim.accrue(work.subList(from, to));
                creditMsat += accrued.creditMsat();
                feeMsat += accrued.feeMsat();
                claim = accrued.next();
                from = to;
            }

            assertThat(creditMsat).as("seed %d", seed).isEqualTo(inOne.creditMsat());
            assertThat(feeMsat).as("seed %d", seed).isEqualTo(inOne.feeMsat());
            assertThat(claim).as("seed %d", seed).isEqualTo(inOne.next());
            assertThat(exact(work))
                    .as("seed %d", seed)
                    .isEqualTo(
                            Rational.of(creditMsat + feeMsat)
                                    .plus(claim.carry())
                                    .plus(claim.feeCarry()));
        }
    }

    @Test
    void paysTheOperatorItsFeeBesideTheCredit() {
        var accrued = PpsAccrual.NOTHING.accrue(List.of(block(200)));

        assertThat(accrued.creditMsat()).isEqualTo(306_250_000_000L);
        assertThat(accrued.feeMsat()).isEqualTo(6_250_000_000L);
        assertThat(accrued.next()).isEqualTo(PpsAccrual.NOTHING);
    }

    @Test
    void paysAllToTheOperatorAtAFullFee() {
        var accrued = PpsAccrual.NOTHING.accrue(List.of(block(10_000)));

        assertThat(accrued.creditMsat()).isZero();
        assertThat(accrued.feeMsat()).isEqualTo(312_500_000_000L);
    }

    @Test
    void refusesACarryOfAWholeUnit() {
        assertThatThrownBy(() -> new PpsAccrual(Rational.ONE, Rational.ZERO))
                .hasMessage("a carry must be less than a unit");
        assertThatThrownBy(() -> new PpsAccrual(Rational.ZERO, Rational.of(-1, 2)))
                .hasMessage("a carry must be less than a unit");
    }

    private static Rational exact(List<WorkSlice> work) {
        return FractionModel.sum(
                work.stream()
                        .map(slice ->
                                FractionModel.weight(slice)
                                        .times(Rational.of(slice.subsidySats() * 1_000)))
                        .toList());
    }

    private static WorkSlice slice(Random random) {
        var network = NetworkDifficulty.ofNBits(random.nextBoolean() ? 0x17020f77 : 0x1701ddff);
        return new WorkSlice(
                1,
                random.nextInt(300),
                0,
                0,
                BigInteger.valueOf(random.nextLong(1L << 50)),
                network,
                random.nextBoolean() ? 312_500_000 : 156_250_000,
                WorkSlice.OWN_TEMPLATE);
    }

    private static WorkSlice block(int feeBps) {
        return new WorkSlice(
                1,
                feeBps,
                0,
                0,
                BigInteger.ONE.shiftLeft(WorkSlice.UNIT_BITS),
                NetworkDifficulty.of(Rational.ONE),
                312_500_000,
                WorkSlice.OWN_TEMPLATE);
    }
}
