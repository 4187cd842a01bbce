package adit.ledger.journal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/// One pass over a journal that holds every record against the promises of the format.
///
/// **Owner:** one thread. Segments are given in order.
final class Verification {
    private final ShareRehash rehash;
    private final List<String> damage = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private final Map<Long, JournalRecord.Job> jobs = new HashMap<>();
    private final Set<Integer> accounts = new HashSet<>();
    private final Set<Integer> workers = new HashSet<>();
    private @Nullable SegmentScan previous;
    private int segments;
    private long records;
    private long shares;
    private long timeMicros;

    Verification(ShareRehash rehash) {
        this.rehash = rehash;
    }

    void check(JournalStorage storage, JournalSegment.Name name, boolean lastOfServer)
            throws IOException {
        boolean continues = checkOrder(name);
        if (!continues) {
            timeMicros = 0;
        }
        jobs.clear();
        accounts.clear();
        workers.clear();
        segments++;
        var scan = SegmentScan.of(storage, name, cursor -> checkRecord(name, cursor));
        checkChain(scan, continues);
        checkEnd(scan, lastOfServer);
        previous = scan;
    }

    JournalTool.VerifyReport report() {
        return new JournalTool.VerifyReport(segments, records, shares, damage, notes);
    }

    /// Whether the segment continues the one before it, as its name says.
    private boolean checkOrder(JournalSegment.Name name) {
        var before = previous;
        if (before == null || !before.name().isSameEpoch(name)) {
            if (name.firstSequence() != 1) {
                add(notes, name, "the epoch's records before this segment are gone");
            }
            return false;
        }
        if (before.end() != SegmentScan.End.SEALED) {
            add(damage, before.name(), "is not sealed, but segments follow it");
        }
        if (before.lastSequence() + 1 != name.firstSequence()) {
            add(damage, name, "records from %d are missing".formatted(before.lastSequence() + 1));
        }
        return true;
    }

    private void checkChain(SegmentScan scan, boolean continues) {
        var header = scan.header();
        if (header == null) {
            return;
        }
        var before = previous;
        boolean first = header.firstSequence() == 1;
        int due = continues && before != null ? before.lastCrc() : 0;
        if ((continues || first) && header.previousCrc() != due) {
            add(damage, scan.name(), "does not follow the segment before it");
        }
        if (before != null
                && before.header() != null
                && before.name().serverId() == scan.name().serverId()
                && !before.header().node().equals(header.node())) {
            add(damage, scan.name(), "was written in another journal directory");
        }
    }

    private void checkEnd(SegmentScan scan, boolean lastOfServer) {
        switch (scan.end()) {
            case DAMAGED -> add(damage, scan.damage());
            case TORN -> add(lastOfServer ? notes : damage, scan.damage());
            case SEALED, STOPPED, OPEN -> {}
        }
    }

    private void checkRecord(JournalSegment.Name name, SegmentCursor cursor) {
        records++;
        JournalRecord entry;
        try {
            entry = cursor.decode();
        } catch (JournalDamaged e) {
            add(damage, e);
            return;
        }
        if (entry.timeMicros() < timeMicros) {
            add(damage, name, "record %d goes back in time".formatted(entry.sequence()));
        }
        timeMicros = entry.timeMicros();
        if (entry.sequence() == 1 != entry instanceof JournalRecord.Epoch) {
            add(damage, name, "an epoch begins with its EPOCH record and has no other");
        }
        switch (entry) {
            case JournalRecord.Account account -> accounts.add(account.accountRef());
            case JournalRecord.Worker worker -> {
                require(accounts.contains(worker.accountRef()), name, entry, "account");
                workers.add(worker.workerRef());
            }
            case JournalRecord.Job job -> jobs.put(job.jobRef(), job);
            case JournalRecord.Coinbase coinbase -> {
                var job = jobs.get(coinbase.ofJobRef());
                require(job != null, name, entry, "job");
                if (job != null) {
                    jobs.put(coinbase.jobRef(), coinbase.on(job));
                }
            }
            case JournalRecord.Share share -> check(name, share);
            case JournalRecord.BlockFound block -> {
                require(accounts.contains(block.accountRef()), name, entry, "account");
                require(workers.contains(block.workerRef()), name, entry, "worker");
                require(jobs.containsKey(block.jobRef()), name, entry, "job");
            }
            case JournalRecord.Tip _,
                    JournalRecord.Epoch _,
                    JournalRecord.Seal _,
                    JournalRecord.CleanStop _ -> {}
        }
    }

    private void check(JournalSegment.Name name, JournalRecord.Share share) {
        shares++;
        require(accounts.contains(share.accountRef()), name, share, "account");
        require(workers.contains(share.workerRef()), name, share, "worker");
        var job = jobs.get(share.jobRef());
        require(job != null, name, share, "job");
        if (job != null && !rehash.holds(share, job)) {
            add(damage, name, "share %d does not hash as recorded".formatted(share.sequence()));
        }
    }

    private void require(
            boolean holds, JournalSegment.Name name, JournalRecord entry, String what) {
        if (!holds) {
            add(damage, name, "record %d names an unknown %s".formatted(entry.sequence(), what));
        }
    }

    private static void add(List<String> lines, JournalDamaged found) {
        addLine(lines, found.summary());
    }

    private static void add(List<String> lines, JournalSegment.Name name, String what) {
        addLine(lines, name.fileName() + ": " + what);
    }

    private static void addLine(List<String> lines, String line) {
        if (lines.size() < JournalTool.VerifyReport.MAX_LINES) {
            lines.add(line);
        }
    }
}
