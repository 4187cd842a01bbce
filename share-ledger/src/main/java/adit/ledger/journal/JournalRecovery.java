package adit.ledger.journal;

import java.io.IOException;
import java.util.HashSet;
import java.util.List;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Puts the last segment of each epoch that is over in order before a new epoch begins.
///
/// Sync, so that what is read is what the disk has; scan; cut behind the last whole record. Every other
/// file is only read, and nothing of an epoch that another process still writes is touched. Damage is
/// reported and left as it is: taking new shares does not need old ones.
public final class JournalRecovery {
    private static final Logger LOG = LoggerFactory.getLogger(JournalRecovery.class);

    private JournalRecovery() {}

    /// What was found.
    ///
    /// @param lastEpoch 0 if there was none; another process may still write it, and then only a time is known
    /// @param tornBytes remains of unacknowledged writes that were cut off
    /// @param damage empty, or where synced records are not what they were
    /// @param lastTimeMicros of the last record of that epoch, as far as it is there; 0 if there is none
    public record Report(
            int lastEpoch,
            long lastSequence,
            boolean cleanStop,
            long tornBytes,
            String damage,
            long lastTimeMicros) {
        int nextEpoch() {
            return Math.addExact(lastEpoch, 1);
        }
    }

    static Report recover(JournalStorage storage, int serverId) throws IOException {
        var files = storage.list();
        var segments = segments(files, serverId);
        int lastEpoch = segments.isEmpty() ? 0 : segments.getLast().epoch();
        boolean isLastOver = true;
        var spares = new HashSet<>(files);
        spares.removeIf(file -> !file.endsWith(SpareSegment.SUFFIX));
        for (int epoch : segments.stream().map(JournalSegment.Name::epoch).distinct().toList()) {
            isLastOver = EpochLocks.isOver(storage, files, serverId, epoch);
            if (!isLastOver) {
                spares.remove(SpareSegment.fileName(serverId, epoch));
            }
        }
        for (var file : spares) {
            storage.delete(file);
        }
        return isLastOver
                ? recover(storage, serverId, lastEpoch)
                : new Report(lastEpoch, 0, false, 0, "", timeSoFar(storage, segments.getLast()));
    }

    /// Puts one epoch in order, which nobody writes any more.
    static Report recover(JournalStorage storage, int serverId, int epoch) throws IOException {
        var segments =
                segments(storage.list(), serverId).stream()
                        .filter(name -> name.epoch() == epoch)
                        .toList();
        if (segments.isEmpty()) {
            return new Report(epoch, 0, true, 0, "", 0);
        }
        var report = recover(storage, segments.getLast());
        if (!report.damage().isEmpty()) {
            LOG.error("the share journal is damaged and was left as it is: {}", report.damage());
        } else if (report.tornBytes() > 0) {
            LOG.info(
                    "cut {} bytes never acknowledged behind record {} of epoch {}",
                    report.tornBytes(),
                    report.lastSequence(),
                    report.lastEpoch());
        }
        return report;
    }

    /// Of a segment that another process is writing.
    private static long timeSoFar(JournalStorage storage, JournalSegment.Name last)
            throws IOException {
        return SegmentScan.of(storage, last, SegmentScan.Visitor.NONE).lastTimeMicros();
    }

    private static List<JournalSegment.Name> segments(List<String> files, int serverId) {
        return JournalSegment.Name.among(files).stream()
                .filter(name -> name.serverId() == serverId)
                .toList();
    }

    private static Report recover(JournalStorage storage, JournalSegment.Name last)
            throws IOException {
        try (var file = storage.openToWrite(last.fileName())) {
            file.force();
            var scan = SegmentScan.of(storage, last, SegmentScan.Visitor.NONE);
            boolean damaged = scan.end() == SegmentScan.End.DAMAGED;
            long tailBytes = file.sizeBytes() - scan.endBytes();
            if (!damaged && tailBytes > 0) {
                file.truncate(scan.endBytes());
                file.force();
            }
            return new Report(
                    last.epoch(),
                    scan.lastSequence(),
                    scan.end() == SegmentScan.End.STOPPED,
                    scan.end() == SegmentScan.End.TORN ? tailBytes : 0,
                    damaged ? scan.damage().summary() : "",
                    scan.lastTimeMicros());
        }
    }
}
