package adit.server.config;

/// Every bound of the process that is not a matter of taste. Each has a test that one less passes and one
/// more is refused.
public final class Limits {
    private Limits() {}

    /// A line before a miner has logged in, and after. Nothing legitimate exceeds 1 KiB by much.
    public static final int LINE_BYTES_BEFORE_AUTHORIZE = 4096;

    public static final int LINE_BYTES = 16 * 1024;

    public static final int FAILED_AUTHORIZES_PER_MINUTE = 10;
    public static final int PROTOCOL_ERRORS_PER_MINUTE = 30;
    public static final int SUGGESTIONS_PER_MINUTE = 10;

    public static final long FIRST_MESSAGE_NANOS = 30_000_000_000L;
    public static final long SETUP_NANOS = 60_000_000_000L;

    /// What may wait for a miner that does not read, before it is let go.
    public static final int OUTBOUND_BYTES = 256 * 1024;

    /// Records handed to the journal and not yet durable; beyond it the loops stop reading.
    public static final int RECORDS_IN_FLIGHT = 65_536;

    /// How long a prefix rests after its channel: as long as its jobs might still count.
    public static final long PREFIX_REST_MILLIS = 10 * 60_000L;
}
