package adit.ledger.journal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/// Records that are written and acknowledged together: what one event loop took in one read cycle.
///
/// **Owner:** the loop that fills it; from [ShareJournal#append] until its [GroupOutcome] the journal.
/// The loop then clears and fills it again. Shares lie here as the bytes that go to disk, no objects.
///
/// **Invariant:** the job of every share and block was named with [#needs] in this group before.
public final class RecordGroup {
    /// A share may be followed by its block, and the loop looks at [#isFull] after both.
    private static final int SLACK_RECORDS = 1;

    private final int maxRecords;
    private final ByteBuffer bytes;
    private final List<JournalRecord.JobRecord> jobs = new ArrayList<>();
    private final DistinctConnections connections = new DistinctConnections();
    private int records;

    public RecordGroup(int maxRecords) {
        Check.that(maxRecords > 0 && maxRecords <= 65_536, "a group holds 1 to 65,536 records");
        this.maxRecords = maxRecords;
        this.bytes =
                ByteBuffer.allocate((maxRecords + SLACK_RECORDS) * RecordFormat.SHARE_BYTES)
                        .order(ByteOrder.LITTLE_ENDIAN);
    }

    /// Makes sure that the job is in the journal before this group's records; a coinbase needs its job first.
    public void needs(JournalRecord.JobRecord job) {
        if (!names(job.jobRef())) {
            jobs.add(job);
        }
    }

    /// More than seven parameters, because this is the one call per share and a parameter object would be
    /// garbage. The extranonce is the full one, prefix and rolled bytes; of the hash the first half stays.
    public void share(
            int accountRef,
            int workerRef,
            long jobRef,
            long difficultyUnits,
            int ntime,
            int nonce,
            int version,
            int latenessMillis,
            ShareClass shareClass,
            byte[] extranonce,
            int extranonceOffset,
            int extranonceLength,
            byte[] headerHash,
            long connection) {
        checkRefs(accountRef, workerRef, jobRef);
        Check.that(extranonceLength <= RecordFormat.MAX_EXTRANONCE_BYTES, "extranonce too long");
        int start = bytes.position();
        RecordFormat.putShareHeader(bytes, start);
        bytes.position(start + RecordFormat.BODY);
        bytes.putInt(accountRef).putInt(workerRef).putLong(jobRef).putLong(difficultyUnits);
        bytes.putInt(ntime).putInt(nonce).putInt(version);
        bytes.putShort(RecordFormat.lateness(latenessMillis));
        bytes.put(shareClass.code()).put((byte) extranonceLength);
        bytes.put(extranonce, extranonceOffset, extranonceLength);
        for (int i = extranonceLength; i < RecordFormat.MAX_EXTRANONCE_BYTES; i++) {
            bytes.put((byte) 0);
        }
        bytes.put(headerHash, 0, RecordFormat.HASH_HALF_BYTES).putLong(connection);
        connections.add(connection);
        records++;
    }

    /// Its sequence and time are not looked at.
    public void blockFound(JournalRecord.BlockFound block) {
        checkRefs(block.accountRef(), block.workerRef(), block.jobRef());
        RecordFormat.encode(block, bytes);
        records++;
    }

    public int records() {
        return records;
    }

    public boolean isFull() {
        return records >= maxRecords;
    }

    public boolean isEmpty() {
        return records == 0;
    }

    public void clear() {
        bytes.clear();
        jobs.clear();
        connections.clear();
        records = 0;
    }

    List<JournalRecord.JobRecord> jobs() {
        return jobs;
    }

    DistinctConnections connections() {
        return connections;
    }

    /// The records, from index 0 to the position; to be read with absolute indexes.
    ByteBuffer bytes() {
        return bytes;
    }

    private void checkRefs(int accountRef, int workerRef, long jobRef) {
        Check.that(records < maxRecords + SLACK_RECORDS, "the group is full");
        Check.that(accountRef > 0 && workerRef > 0, "a record names an account and a worker");
        Check.that(names(jobRef), "the job of a record is named with needs() first");
    }

    /// Whether [#needs] was called for this job since the group was cleared.
    public boolean names(long jobRef) {
        // The last one named is nearly always the one asked for.
        for (int i = jobs.size() - 1; i >= 0; i--) {
            if (jobs.get(i).jobRef() == jobRef) {
                return true;
            }
        }
        return false;
    }
}
