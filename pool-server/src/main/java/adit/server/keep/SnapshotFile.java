package adit.server.keep;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;

import adit.server.metrics.EventLog;

import static java.nio.charset.StandardCharsets.UTF_8;

/// A list of text lines in a small file of the data directory, replaced whole each time it is written.
///
/// ```text
/// adit sources 1               what it holds, and the version of its lines
/// 203.0.113.7 2026-11-24       any number of lines
/// end 1 5d41402a               how many they were, and the CRC-32C of every byte above
/// ```
/// It holds what is nice to remember and can be done without: a file that is damaged, foreign or of another
/// version is set aside under the name `….damaged` with one line for the operator, and never stops a start.
///
/// **Owner:** one thread at a time. **Limits:** so many bytes as the constructor says. **Invariant:** only
/// the pool's own user may read it, because it may name addresses of people.
public final class SnapshotFile {

    private static final String OWNER_ONLY = "rw-------";
    private static final String SET_ASIDE = ".damaged";

    private final Path file;
    private final String header;
    private final int maxBytes;
    private final EventLog events;
    private boolean inTrouble;

    /// @param holds one word for what the lines are
    /// @param version of the lines; a file of another version is not read
    public SnapshotFile(Path file, String holds, int version, int maxBytes, EventLog events) {
        this.file = file;
        this.header = "adit " + holds + " " + version;
        this.maxBytes = maxBytes;
        this.events = events;
    }

    /// The lines last written; none where there is no such file, or none that can be read.
    public List<String> read() {
        try {
            if (Files.size(file) > maxBytes) {
                setAside("it is larger than the pool writes it");
                return List.of();
            }
            var bytes = Files.readAllBytes(file);
            var lines = new String(bytes, UTF_8).lines().toList();
            var fault = fault(bytes, lines);
            if (fault.isPresent()) {
                setAside(fault.get());
                return List.of();
            }
            return lines.subList(1, lines.size() - 1);
        } catch (NoSuchFileException first) {
            return List.of();
        } catch (IOException cannot) {
            events.snapshotNotRead(file.toString(), cannot.toString());
            return List.of();
        }
    }

    /// Replaces the file. Where the disk refuses, the operator is told once and the old file stays.
    ///
    /// @param lines without line breaks, and together within the limit
    public void write(Collection<String> lines) {
        var bytes = bytes(lines);
        try {
            WholeFile.write(
                    file,
                    bytes,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString(OWNER_ONLY)));
            inTrouble = false;
        } catch (IOException cannot) {
            if (!inTrouble) {
                inTrouble = true;
                events.snapshotNotWritten(file.toString(), cannot.toString());
            }
        }
    }

    private byte[] bytes(Collection<String> lines) {
        var text = new StringBuilder(header).append('\n');
        for (var line : lines) {
            if (line.indexOf('\n') >= 0 || line.indexOf('\r') >= 0) {
                throw new IllegalArgumentException("a line of a snapshot holds a line break");
            }
            text.append(line).append('\n');
        }
        text.append(end(lines.size(), text.toString().getBytes(UTF_8))).append('\n');
        var bytes = text.toString().getBytes(UTF_8);
        if (bytes.length > maxBytes) {
            throw new IllegalArgumentException(
                    "a snapshot of " + bytes.length + " bytes is over its limit of " + maxBytes);
        }
        return bytes;
    }

    /// What is wrong with the bytes of a file, if anything is.
    private Optional<String> fault(byte[] bytes, List<String> lines) {
        if (lines.isEmpty() || !lines.getFirst().equals(header)) {
            return Optional.of("it does not begin with \"" + header + "\"");
        }
        var last = lines.getLast();
        int above = bytes.length - last.getBytes(UTF_8).length - 1;
        boolean whole =
                lines.size() >= 2
                        && above > 0
                        && bytes[bytes.length - 1] == '\n'
                        && last.equals(end(lines.size() - 2, Arrays.copyOf(bytes, above)));
        return whole
                ? Optional.empty()
                : Optional.of("its last line does not fit the lines above it");
    }

    private static String end(int lines, byte[] above) {
        var checksum = new CRC32C();
        checksum.update(above);
        return "end %d %08x".formatted(lines, checksum.getValue());
    }

    private void setAside(String why) throws IOException {
        var aside = file.resolveSibling(file.getFileName() + SET_ASIDE);
        WholeFile.move(file, aside);
        events.snapshotSetAside(file.toString(), aside.toString(), why);
    }
}
