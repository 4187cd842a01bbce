package adit.server.channel;

/// Seam: a session that has replies waiting for the journal. Called on its own event loop, in the order
/// the replies were queued.
public interface Replier {

    /// The verdict on a request, now durable where it is [Verdict#ACCEPTED].
    ///
    /// @param ids holds the request's id as it was written, valid during the call only
    void reply(Verdict verdict, byte[] ids, int offset, int length);

    /// A reply other than a verdict that had to wait its turn.
    void reply(byte[] line);

    /// All replies of this group are written: send them.
    void flushReplies();
}
