package adit.ledger.journal;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/// Looks at a journal directory from outside: describe, verify, export. Only reads, so it may run beside
/// the process that writes; of the live epoch it sees what is on disk at that moment.
public final class JournalTool {
    private final JournalStorage storage;

    public JournalTool(JournalStorage storage) {
        this.storage = storage;
    }

    /// One line a segment: file, records, times, how it ends.
    public void describe(Appendable out) {
        try {
            for (var name : segments()) {
                var scan = SegmentScan.of(storage, name, SegmentScan.Visitor.NONE);
                long records = scan.lastSequence() - name.firstSequence() + 1;
                out.append(
                        "%s  %d records, %d bytes, last at %s, %s%n"
                                .formatted(
                                        name.fileName(),
                                        records,
                                        scan.endBytes(),
                                        records == 0 ? "-" : instant(scan.lastTimeMicros()),
                                        words(scan)));
            }
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    /// Reads everything and checks it against the format's promises, and each share against `rehash`.
    public VerifyReport verify(ShareRehash rehash) {
        try {
            var verification = new Verification(rehash);
            var names = segments();
            for (int i = 0; i < names.size(); i++) {
                boolean lastOfServer =
                        i + 1 == names.size()
                                || names.get(i + 1).serverId() != names.get(i).serverId();
                verification.check(storage, names.get(i), lastOfServer);
            }
            return verification.report();
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    /// Every record as one line of JSON, in order, bytes in hexadecimal; a line of type DAMAGE where
    /// records are missing or altered. Answers the number of records.
    public long export(Appendable out) {
        var lines = new JsonLines(out);
        try {
            for (var name : segments()) {
                var scan =
                        SegmentScan.of(storage, name, cursor -> lines.write(name, cursor.decode()));
                if (scan.end() == SegmentScan.End.DAMAGED) {
                    lines.damage(scan.damage());
                }
            }
            return lines.records();
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    /// What a verification found.
    ///
    /// @param damage promises of the format that do not hold, in words; at most [#MAX_LINES] of them
    /// @param notes what is unusual and harmless, such as a torn tail before the next start
    public record VerifyReport(
            int segments, long records, long shares, List<String> damage, List<String> notes) {
        public static final int MAX_LINES = 1000;

        public VerifyReport {
            damage = List.copyOf(damage);
            notes = List.copyOf(notes);
        }

        public boolean isSound() {
            return damage.isEmpty();
        }

        @Override
        public String toString() {
            var lines = new ArrayList<String>();
            damage.forEach(line -> lines.add("DAMAGE " + line));
            notes.forEach(line -> lines.add("note " + line));
            lines.add(
                    "%s, %s, %s: %s"
                            .formatted(
                                    counted(segments, "segment"),
                                    counted(records, "record"),
                                    counted(shares, "share"),
                                    isSound() ? "sound" : "damaged"));
            return String.join(System.lineSeparator(), lines);
        }

        private static String counted(long count, String one) {
            return count + " " + (count == 1 ? one : one + "s");
        }
    }

    private static String words(SegmentScan scan) {
        return switch (scan.end()) {
            case SEALED -> "sealed";
            case STOPPED -> "ended by a clean stop";
            case OPEN -> "open end";
            case TORN -> "torn tail: " + scan.problem();
            case DAMAGED -> "DAMAGED: " + scan.problem();
        };
    }

    private static Instant instant(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }

    /// Where there is none the directory is the wrong one, and nothing may be called sound.
    private List<JournalSegment.Name> segments() throws IOException {
        var segments = JournalSegment.Name.among(storage.list());
        if (segments.isEmpty()) {
            throw new FileNotFoundException("no segment of a journal lies there");
        }
        return segments;
    }

    private JournalUnavailable unreadable(IOException e) {
        return JournalUnavailable.of("reading the journal in " + storage.describe(), e);
    }
}
