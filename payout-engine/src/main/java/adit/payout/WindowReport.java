package adit.payout;

import org.jspecify.annotations.Nullable;

/// Which work a reward was shared over: how much, how far back, and how the window's end fell.
///
/// `filledBlocks` is the work counted, in expected blocks; `oldestOrder` the oldest share reached and
/// `oldestWeight` what was counted of the slices at that end. `crossed` is where the window ended inside a slice,
/// or null where it ended between two or ran out of work: if that is more than one share, the caller may
/// expand it to shares and share out again, exactly.
public record WindowReport(
        Rational filledBlocks,
        long oldestOrder,
        Rational oldestWeight,
        @Nullable OrderRange crossed) {
    /// No window: the scheme looks at no work, or there was none.
    public static final WindowReport NONE = new WindowReport(Rational.ZERO, 0, Rational.ZERO, null);
}
