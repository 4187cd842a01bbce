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

    /// TLS handshakes under way at once on one event loop; further ones wait for their turn.
    public static final int TLS_HANDSHAKES = 256;

    public static final long TLS_HANDSHAKE_NANOS = 10_000_000_000L;

    /// What may wait for a miner that does not read, before it is let go.
    public static final int OUTBOUND_BYTES = 256 * 1024;

    /// Records handed to the journal and not yet durable; beyond it the loops stop reading.
    public static final int RECORDS_IN_FLIGHT = 65_536;

    /// How soon every miner must have been told of a new tip; shares that are late because it took longer are
    /// paid by the operator. The telling counts as done after so long whatever happens.
    public static final long TIP_TOLD_NANOS = 100_000_000;

    public static final long TIP_TOLD_AT_LATEST_NANOS = 5_000_000_000L;

    /// How long shares on jobs that the pool took back are credited, at the operator's expense: as long as the longest
    /// grace.
    public static final long TAKEN_BACK_NANOS = 2_000_000_000L;

    /// After so long without a new job the last one is sent again: firmware hangs up on silence.
    public static final long WORK_AT_LEAST_EVERY_NANOS = 40_000_000_000L;

    /// How long a channel waits for a miner whose connection has gone, and how many of a process do.
    public static final long PARKED_NANOS = 600_000_000_000L;

    public static final int PARKED_CHANNELS = 16_384;

    /// How long a prefix rests after its channel: as long as its jobs might still count.
    public static final long PREFIX_REST_MILLIS = 10 * 60_000L;

    /// Lines a second, and so many more at once, from a connection that delivers no accepted work; logins
    /// that succeed are not counted. It is paused until half is earned back, and closed after some pauses.
    public static final int MESSAGES_PER_SECOND_WITHOUT_WORK = 50;

    public static final int MESSAGES_BURST_WITHOUT_WORK = 500;
    public static final int PAUSES_WITHOUT_WORK = 3;

    /// A run of refusals, once it is so long: after a minute work and difficulty are sent again, after
    /// three the miner is let go.
    public static final int REFUSED_IN_A_ROW = 10;

    public static final long REFUSED_RESEND_NANOS = 60_000_000_000L;
    public static final long REFUSED_CLOSE_NANOS = 180_000_000_000L;

    /// How long shares below their difficulty do not speak against a miner that is asked less.
    public static final long LOWERED_GRACE_NANOS = 30_000_000_000L;

    /// Over such a window, so many times what the listener wants makes the work harder.
    public static final long SUBMIT_WINDOW_NANOS = 30_000_000_000L;

    public static final int SUBMITS_OVER_TARGET = 5;

    /// A miner that has logged in and submits nothing for so long is let go; vardiff has asked it less and
    /// less until then.
    public static final long WITHOUT_SHARES_NANOS = 7_200_000_000_000L;

    /// When a silent peer is asked whether it is there, how often and how many times; and how long what was
    /// sent may stay without an acknowledgement. So a peer that vanished is gone within three minutes.
    public static final int KEEPALIVE_IDLE_SECONDS = 60;

    public static final int KEEPALIVE_EVERY_SECONDS = 20;
    public static final int KEEPALIVE_PROBES = 3;
    public static final int UNACKNOWLEDGED_MILLIS = 60_000;

    /// What the system may hold of a connection that is not sent yet.
    public static final int UNSENT_BYTES = 128 * 1024;

    /// How long a miner may leave unread what it is sent.
    public static final long UNREAD_NANOS = 60_000_000_000L;

    /// The part of the system's open files, in percent, that miners may have; the rest, and never fewer than so
    /// many, is for the journal, the database, nodes and the web side.
    public static final int CONNECTIONS_PERCENT_OF_FILES = 90;

    public static final int FILES_OF_THE_POOL = 512;

    /// Connections to the web side at once; further ones wait, and idle ones are let go meanwhile.
    public static final int WEB_CONNECTIONS = 128;

    /// What a source may have that has not delivered work: connections, new ones a second, and new ones at
    /// once. One that has is bounded by the pool's own limit alone, because a farm comes back all at once.
    public static final int CONNECTIONS_WITHOUT_WORK = 200;

    public static final int NEW_CONNECTIONS_PER_SECOND_WITHOUT_WORK = 50;
    public static final int NEW_CONNECTIONS_BURST_WITHOUT_WORK = 200;

    /// The part of all connections, in percent, that may wait for their login and come from sources without
    /// work; beyond it the oldest of them is closed.
    public static final int SETUP_PERCENT_WITHOUT_WORK = 10;

    /// What credit costs a source, in difficulty units: difficulty 1,048,576, which is 45 seconds of a machine of
    /// 100 TH/s and a month of a graphics card. And how long it lasts.
    public static final long CREDIT_UNITS = 1L << 52;

    public static final long CREDIT_NANOS = 7 * 86_400_000_000_000L;

    /// The first penalty of a source, the longest, and how long one makes the next longer.
    public static final long PENALTY_NANOS = 60_000_000_000L;

    public static final long MAX_PENALTY_NANOS = 600_000_000_000L;
    public static final long PENALTY_REMEMBERED_NANOS = 3_600_000_000_000L;

    /// Sources remembered beside those that are connected.
    public static final int REMEMBERED_SOURCES = 65_536;

    /// A line over the control socket, and conversations over it at once.
    public static final int CONTROL_LINE_BYTES = 4096;

    public static final int CONTROL_CONVERSATIONS = 16;

    /// Traces at once, what waits to be written for one, and how long one gets.
    public static final int TRACES = 8;

    public static final int TRACE_QUEUE = 4096;
    public static final int TRACE_QUEUE_BYTES = 4 << 20;
    public static final int TRACE_FILE_BYTES = 64 << 20;
    public static final int TRACE_MINUTES = 1440;

    /// What is kept of a connection before its login while a worker is traced, and of all such connections.
    public static final int TRACE_SETUP_READS = 64;

    public static final int TRACE_SETUP_BYTES = 16 * 1024;
    public static final int TRACE_ALL_SETUPS_BYTES = 8 << 20;
}
