package adit.server.source;

/// So many events a second, and so many more at once after a pause, kept in one number for each who is
/// measured: the moment at which all it has spent is earned back.
///
/// @param everyNanos how long one event takes to be earned back
/// @param burst how many may be spent at once
public record Allowance(long everyNanos, int burst) {

    private static final long NANOS_PER_SECOND = 1_000_000_000;

    public static Allowance perSecond(int rate, int burst) {
        return new Allowance(NANOS_PER_SECOND / rate, burst);
    }

    /// The number after one more event.
    ///
    /// @param spent the number before; anything past, such as the time of birth, has spent nothing
    public long spend(long spent, long nowNanos) {
        return (spent - nowNanos > 0 ? spent : nowNanos) + everyNanos;
    }

    /// Whether more is spent than may be.
    public boolean isOverdrawn(long spent, long nowNanos) {
        return spent - nowNanos > everyNanos * burst;
    }
}
