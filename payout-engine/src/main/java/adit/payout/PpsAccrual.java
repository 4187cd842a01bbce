package adit.payout;

/// An account's running claim under PPS or FPPS: what exact value of its work is not yet credited.
///
/// With V the exact value of all work so far, each interval credits floor(V after) − floor(V before); the fraction
/// below one millisatoshi is carried here. So credits never drift from V, whatever the intervals, and an interval
/// computed twice from the same carry gives the same credit. The pool's fee is carried in the same way beside it.
///
/// **Invariant:** both carries lie in [0, 1).
public record PpsAccrual(Rational carry, Rational feeCarry) {
    public static final PpsAccrual NOTHING = new PpsAccrual(Rational.ZERO, Rational.ZERO);

    private static final Rational MSAT_IN_A_SAT = Rational.of(1_000);

    public PpsAccrual {
        Check.that(isFraction(carry) && isFraction(feeCarry), "a carry must be less than a unit");
    }

    /// What an interval's work adds, and the claim that is left.
    public record Accrued(long creditMsat, long feeMsat, PpsAccrual next) {}

    /// Prices work at the subsidy alone: PPS.
    public Accrued accrue(Iterable<WorkSlice> work) {
        return accrue(work, Rational.ZERO);
    }

    /// Prices work at the subsidy and `feeRatio` of it: FPPS. A declared job's work is priced at no more than it leaves the pool.
    public Accrued accrue(Iterable<WorkSlice> work, Rational feeRatio) {
        Check.that(feeRatio.signum() >= 0, "fee ratio must not be negative");
        var multiplier = Rational.ONE.plus(feeRatio);
        var credit = carry;
        var fee = feeCarry;
        for (var slice : work) {
            var blockSats =
                    Rational.of(slice.subsidySats())
                            .times(multiplier)
                            .min(Rational.of(slice.jobRewardSats()));
            var gross = slice.weight().times(blockSats).times(MSAT_IN_A_SAT);
            var feePart = gross.times(Rational.of(slice.feeBps(), 10_000));
            credit = credit.plus(gross.minus(feePart));
            fee = fee.plus(feePart);
        }
        long creditMsat = Apportion.floor(credit);
        long feeMsat = Apportion.floor(fee);
        return new Accrued(
                creditMsat,
                feeMsat,
                new PpsAccrual(
                        credit.minus(Rational.of(creditMsat)), fee.minus(Rational.of(feeMsat))));
    }

    private static boolean isFraction(Rational carry) {
        return carry.signum() >= 0 && carry.numerator().compareTo(carry.denominator()) < 0;
    }
}
