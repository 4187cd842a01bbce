package adit.server.channel;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.jspecify.annotations.Nullable;

import adit.ledger.journal.GroupOutcome;
import adit.ledger.journal.JournalUnavailable;
import adit.ledger.journal.RecordGroup;
import adit.server.channel.FoundBlocks.Taken;

/// The records one event loop hands to the journal together, and the replies that wait for them.
///
/// **Owner:** its event loop, but between hand-over and outcome, when the journal reads the records.
/// **Limits:** [#RECORDS] records; replies as many as sessions may read before they must stop.
final class ShareGroup implements GroupOutcome {

    static final int RECORDS = 1024;

    private enum Journalled {
        NOT_YET,
        DURABLE,
        REFUSED
    }

    /// One reply that waits, kept and used again: for whom, the verdict and where the request's id stands,
    /// or a whole line instead of a verdict.
    private static final class Waiting {
        @Nullable Replier replier;
        @Nullable Verdict verdict;
        byte @Nullable [] line;
        int idOffset;
        int idLength;
    }

    final RecordGroup records = new RecordGroup(RECORDS);
    private final ShareLoop loop;
    private final List<Waiting> waiting = new ArrayList<>();
    private final List<Taken> blocks = new ArrayList<>();
    private int replies;
    private byte[] ids = new byte[512];
    private int idBytes;
    private Journalled journalled = Journalled.NOT_YET;
    private int blocksInDoubt;

    ShareGroup(ShareLoop loop) {
        this.loop = loop;
    }

    boolean isEmpty() {
        return replies == 0 && records.isEmpty();
    }

    int size() {
        return Math.max(replies, records.records());
    }

    void await(Replier replier, Verdict verdict, byte[] line, int idOffset, int idLength) {
        if (idBytes + idLength > ids.length) {
            ids = Arrays.copyOf(ids, Math.max(ids.length * 2, idBytes + idLength));
        }
        System.arraycopy(line, idOffset, ids, idBytes, idLength);
        var reply = next(replier);
        reply.verdict = verdict;
        reply.idOffset = idBytes;
        reply.idLength = idLength;
        idBytes += idLength;
    }

    void await(Replier replier, byte[] line) {
        next(replier).line = line;
    }

    /// Holds the replies until a block that was found among the shares is safe.
    void await(Taken block) {
        blocks.add(block);
        blocksInDoubt++;
        block.safe()
                .whenComplete((_, _) ->
                        loop.onLoop(() -> {
                            blocksInDoubt--;
                            loop.completeInTurn();
                        }));
    }

    @Override
    public void durable(RecordGroup group) {
        blocks.forEach(Taken::recorded);
        loop.onLoop(() -> told(Journalled.DURABLE));
    }

    @Override
    public void refused(RecordGroup group, JournalUnavailable why) {
        loop.onLoop(() -> told(Journalled.REFUSED));
    }

    private void told(Journalled outcome) {
        journalled = outcome;
        loop.completeInTurn();
    }

    /// Whether nothing is left that the replies must wait for.
    boolean isComplete() {
        return journalled != Journalled.NOT_YET && blocksInDoubt == 0;
    }

    void sendReplies() {
        @Nullable Replier last = null;
        for (int i = 0; i < replies; i++) {
            var reply = waiting.get(i);
            var replier = reply.replier;
            if (replier == null) {
                continue;
            }
            if (last != null && !last.equals(replier)) {
                last.flushReplies();
            }
            last = replier;
            send(reply, replier);
            reply.replier = null;
            reply.line = null;
            reply.verdict = null;
        }
        if (last != null) {
            last.flushReplies();
        }
        replies = 0;
        idBytes = 0;
        records.clear();
        journalled = Journalled.NOT_YET;
        blocks.clear();
    }

    private void send(Waiting reply, Replier replier) {
        var verdict = reply.verdict;
        if (verdict == null) {
            if (reply.line != null) {
                replier.reply(reply.line);
            }
            return;
        }
        boolean lost = verdict == Verdict.ACCEPTED && journalled == Journalled.REFUSED;
        replier.reply(lost ? Verdict.UNAVAILABLE : verdict, ids, reply.idOffset, reply.idLength);
    }

    private Waiting next(Replier replier) {
        if (replies == waiting.size()) {
            waiting.add(new Waiting());
        }
        var reply = waiting.get(replies++);
        reply.replier = replier;
        return reply;
    }
}
