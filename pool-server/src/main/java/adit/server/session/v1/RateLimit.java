package adit.server.session.v1;

/// At most so many events a minute, counted in windows that begin with their first event.
final class RateLimit {

    private static final long MINUTE_NANOS = 60_000_000_000L;

    private final int perMinute;
    private long windowNanos;
    private int count;

    RateLimit(int perMinute) {
        this.perMinute = perMinute;
    }

    /// Counts one event; false when it is one too many.
    boolean allows(long nowNanos) {
        if (count == 0 || nowNanos - windowNanos > MINUTE_NANOS) {
            windowNanos = nowNanos;
            count = 0;
        }
        return ++count <= perMinute;
    }
}
