package adit.miner;

import adit.stratum.v1.V1Notify;

/// What a miner tells about its life, as it happens.
///
/// **Seam:** called on the miner's event loop; must return at once.
public interface MinerEvents {
    /// The pool let this miner in; it may hash from now on.
    default void connected(String sessionId) {}

    /// The connection ended, or could not be made.
    default void disconnected(String why) {}

    /// The pool does not take this miner's name; it leaves, and tries again later unless it is closed.
    default void refused() {}

    /// A job to work on, and the difficulty bound to it.
    default void newJob(V1Notify job, long difficultyUnits) {}

    default void accepted(Submission submission) {}

    default void rejected(Submission submission, int code, String text) {}

    /// The pool asks to show a message to the owner of the device.
    default void message(String text) {}
}
