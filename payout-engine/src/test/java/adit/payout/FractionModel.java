package adit.payout;

import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The same rules once more, as short as they can be said: every share for itself, in fractions, nothing rounded.
///
/// It shares only [Rational] with the code it checks, and knows neither grouping, nor a common denominator.
final class FractionModel {
    /// What was counted of each share of the list, in expected blocks.
    static List<Rational> counted(Pplns scheme, List<WorkSlice> newestFirst) {
        var room = new Rational[] {scheme.windowBlocks()};
        return newestFirst.stream()
                .map(share -> count(scheme.cutoff(), room, weight(share)))
                .toList();
    }

    private static Rational count(Pplns.Cutoff cutoff, Rational[] room, Rational weight) {
        boolean fits = weight.compareTo(room[0]) <= 0;
        var counted =
                room[0].signum() <= 0
                        ? Rational.ZERO
                        : fits || cutoff == Pplns.Cutoff.WHOLE
                                ? weight
                                : cutoff == Pplns.Cutoff.PARTIAL ? room[0] : Rational.ZERO;
        room[0] = fits ? room[0].minus(weight) : Rational.ZERO;
        return counted;
    }

    /// What each account would get if a millisatoshi could be split, before any fee.
    static Map<Long, Rational> gross(
            Rational reward, Rational whole, List<WorkSlice> work, List<Rational> counted) {
        var gross = new TreeMap<Long, Rational>();
        for (int i = 0; i < work.size(); i++) {
            var part = ratio(counted.get(i), whole);
            gross.merge(work.get(i).account(), reward.times(part), Rational::plus);
        }
        return gross;
    }

    static Rational sum(List<Rational> parts) {
        return parts.stream().reduce(Rational.ZERO, Rational::plus);
    }

    static Rational weight(WorkSlice share) {
        var difficulty = new Rational(share.difficultyUnits(), BigInteger.TWO.pow(32));
        return ratio(difficulty, share.network().asRational());
    }

    static Rational ratio(Rational part, Rational whole) {
        return new Rational(
                part.numerator().multiply(whole.denominator()),
                part.denominator().multiply(whole.numerator()));
    }

    private FractionModel() {}
}
