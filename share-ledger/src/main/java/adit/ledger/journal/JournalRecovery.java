package adit.ledger.journal;

import java.io.IOException;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Puts the last epoch's last segment in order before a new epoch begins.
///
/// Sync, so that what is read is what the disk has; scan; cut behind the last whole record. Every other
/// file is only read. Damage is reported and left as it is: taking new shares does not need old ones.
public final class JournalRecovery {
    private static final Logger LOG = LoggerFactory.getLogger(JournalRecovery.class);

    private JournalRecovery() {}

    /// What was found.
    ///
    /// @param lastEpoch 0 if there was none
    /// @param tornBytes remains of unacknowledged writes that were cut off
    /// @param damage empty, or where synced records are not what they were
    public record Report(
            int lastEpoch, long lastSequence, boolean cleanStop, long tornBytes, String damage) {}

    static Report recover(JournalStorage storage, int serverId) throws IOException {
        for (var file : storage.list()) {
            if (file.endsWith(SpareSegment.SUFFIX)) {
                storage.delete(file);
            }
        }
        var segments =
                JournalSegment.Name.among(storage.list()).stream()
                        .filter(name -> name.serverId() == serverId)
                        .toList();
        if (segments.isEmpty()) {
            return new Report(0, 0, true, 0, "");
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
                    damaged ? scan.damage().summary() : "");
        }
    }
}
