package adit.ledger.journal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;

/// A forward cursor over the durable records of one server's epochs.
///
/// Of the live epoch it gives nothing beyond the durable sequence; epochs that are over it gives to their end.
/// One that another process writes (the one this follows, or the one that follows this) it does not give before
/// that has ended.
/// Reading on where the last call stopped costs no search.
///
/// **Owner:** one thread.
public final class JournalReader implements ShareSource, AutoCloseable {
    private static final int NO_EPOCH = 0;

    private final JournalStorage storage;
    private final int serverId;
    private final UUID node;
    private final int liveEpoch;
    private final LongSupplier durableSequence;
    private final Map<Integer, SegmentScan> lastSegments = new HashMap<>();
    private @Nullable SegmentCursor cursor;

    JournalReader(
            JournalStorage storage,
            int serverId,
            UUID node,
            int liveEpoch,
            LongSupplier durableSequence) {
        this.storage = storage;
        this.serverId = serverId;
        this.node = node;
        this.liveEpoch = liveEpoch;
        this.durableSequence = durableSequence;
    }

    /// A reader of a directory that no process writes to.
    public static JournalReader offline(JournalStorage storage, int serverId) {
        try {
            return new JournalReader(
                    storage, serverId, NodeIdentity.read(storage), NO_EPOCH, () -> 0);
        } catch (IOException e) {
            throw JournalUnavailable.of("reading the journal in " + storage.describe(), e);
        }
    }

    @Override
    public int serverId() {
        return serverId;
    }

    @Override
    public UUID node() {
        return node;
    }

    @Override
    public List<Extent> epochs() {
        try {
            var seen = new HashSet<Integer>();
            var extents = new ArrayList<Extent>();
            for (var name : segments(storage.list())) {
                if (seen.add(name.epoch()) && isGiven(name.epoch())) {
                    extents.add(
                            new Extent(
                                    name.epoch(),
                                    name.firstSequence(),
                                    lastSequence(name.epoch()),
                                    name.epoch() == liveEpoch,
                                    isDamaged(name.epoch())));
                }
            }
            return List.copyOf(extents);
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    @Override
    public List<Integer> begun() {
        try {
            return segments(storage.list()).stream()
                    .map(JournalSegment.Name::epoch)
                    .distinct()
                    .toList();
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    @Override
    public List<JournalRecord> read(int epoch, long fromSequence, int max) {
        try {
            long last = lastSequence(epoch);
            if (fromSequence > last) {
                complainIfDamaged(epoch);
                return List.of();
            }
            var at = cursorAt(epoch, fromSequence);
            var records = new ArrayList<JournalRecord>();
            boolean more = true;
            while (more && records.size() < max && at.nextSequence() <= last) {
                if (at.next()) {
                    records.add(at.decode());
                    more = !at.isAfterSeal();
                } else if (records.isEmpty()) {
                    throw at.damage();
                } else {
                    // What lies before the damage is given first; the next call meets it again.
                    more = false;
                }
            }
            return records;
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    @Override
    public void close() {
        try {
            if (cursor != null) {
                cursor.close();
                cursor = null;
            }
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    /// The directory is listed again: an epoch has its lock before its first segment, but one listing may hold the
    /// segment and lack the lock.
    private boolean isGiven(int epoch) throws IOException {
        return liveEpoch == NO_EPOCH
                || epoch == liveEpoch
                || lastSegments.containsKey(epoch)
                || EpochLocks.isOver(storage, storage.list(), serverId, epoch);
    }

    private long lastSequence(int epoch) throws IOException {
        return epoch == liveEpoch ? durableSequence.getAsLong() : lastSegment(epoch).lastSequence();
    }

    /// Epochs that are over do not change any more, so one scan of their last segment serves for ever.
    private SegmentScan lastSegment(int epoch) throws IOException {
        var known = lastSegments.get(epoch);
        if (known == null) {
            var name = segments(epoch).getLast();
            known = SegmentScan.of(storage, name, SegmentScan.Visitor.NONE);
            lastSegments.put(epoch, known);
        }
        return known;
    }

    private boolean isDamaged(int epoch) throws IOException {
        return epoch != liveEpoch && lastSegment(epoch).end() == SegmentScan.End.DAMAGED;
    }

    private void complainIfDamaged(int epoch) throws IOException {
        if (isDamaged(epoch)) {
            throw lastSegment(epoch).damage();
        }
    }

    private SegmentCursor cursorAt(int epoch, long sequence) throws IOException {
        var open = cursor;
        if (open != null && open.header().epoch() == epoch && open.nextSequence() == sequence) {
            return open.isAfterSeal() ? following(open, epoch) : open;
        }
        close();
        var found =
                segments(epoch).stream()
                        .filter(name -> name.firstSequence() <= sequence)
                        .reduce((before, after) -> after)
                        .orElseThrow(() -> gone(epoch, sequence));
        var opened = SegmentCursor.open(storage, found);
        cursor = opened;
        while (opened.nextSequence() < sequence) {
            if (!opened.next()) {
                throw opened.damage();
            }
        }
        return opened.isAfterSeal() ? following(opened, epoch) : opened;
    }

    /// The next segment, which must continue the chain.
    private SegmentCursor following(SegmentCursor sealed, int epoch) throws IOException {
        long sequence = sealed.nextSequence();
        int crc = sealed.crc();
        close();
        var next =
                segments(epoch).stream()
                        .filter(name -> name.firstSequence() == sequence)
                        .findFirst()
                        .orElseThrow(() -> gone(epoch, sequence));
        var opened = SegmentCursor.open(storage, next);
        cursor = opened;
        if (opened.header().previousCrc() != crc) {
            throw new JournalDamaged(next.fileName(), 0, "does not follow the segment before it");
        }
        return opened;
    }

    private List<JournalSegment.Name> segments(int epoch) throws IOException {
        var found =
                segments(storage.list()).stream().filter(name -> name.epoch() == epoch).toList();
        if (found.isEmpty()) {
            throw gone(epoch, 1);
        }
        return found;
    }

    private List<JournalSegment.Name> segments(List<String> files) {
        return JournalSegment.Name.among(files).stream()
                .filter(name -> name.serverId() == serverId)
                .toList();
    }

    private JournalDamaged gone(int epoch, long sequence) {
        var name = new JournalSegment.Name(serverId, epoch, sequence);
        return new JournalDamaged(
                name.fileName(), 0, "no file has record %d any more".formatted(sequence));
    }

    private JournalUnavailable unreadable(IOException e) {
        return JournalUnavailable.of("reading the journal in " + storage.describe(), e);
    }
}
