package adit.server.keep;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import adit.server.metrics.EventLog;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

final class SnapshotFileTest {

    private static final int MAX_BYTES = 4096;
    private static final List<String> LINES = List.of("203.0.113.7 1", "Köln 2", "");

    private Path file = Path.of("");

    @BeforeEach
    void place(@TempDir Path directory) {
        file = directory.resolve("sources");
    }

    @Test
    void isEmptyBeforeItWasEverWritten() {
        assertThat(snapshot().read()).isEmpty();
        assertThat(aside()).doesNotExist();
    }

    @Test
    void readsBackWhatWasWrittenLast() {
        snapshot().write(List.of("older"));
        snapshot().write(LINES);

        assertThat(snapshot().read()).isEqualTo(LINES);
        assertThat(file.resolveSibling("sources.partial")).doesNotExist();
    }

    @Test
    void readsBackAnEmptyList() {
        snapshot().write(List.of());

        assertThat(snapshot().read()).isEmpty();
        assertThat(aside()).doesNotExist();
    }

    @Test
    void isTextForItsOwnerAlone() throws IOException {
        snapshot().write(List.of("203.0.113.7 1"));

        assertThat(Files.readString(file)).startsWith("adit sources 1\n203.0.113.7 1\nend 1 ");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void setsAsideAFileWithAnyByteChangedLostOrAdded() throws IOException {
        snapshot().write(LINES);
        var good = Files.readAllBytes(file);
        var random = new Random(20_261_124);
        for (int i = 0; i < good.length; i++) {
            var changed = good.clone();
            changed[i] ^= (byte) (1 << random.nextInt(8));
            assertSetAside(changed);
            assertSetAside(Arrays.copyOf(good, i));
        }
        assertSetAside((new String(good, UTF_8) + "\n").getBytes(UTF_8));
    }

    @Test
    void setsAsideAFileOfAnotherKindOrVersion() throws IOException {
        new SnapshotFile(file, "sources", 2, MAX_BYTES, new EventLog()).write(LINES);
        assertSetAside(Files.readAllBytes(file));
        new SnapshotFile(file, "difficulties", 1, MAX_BYTES, new EventLog()).write(LINES);
        assertSetAside(Files.readAllBytes(file));
    }

    @Test
    void holdsAsManyBytesAsItsLimitAndNoMore() throws IOException {
        var line = "x".repeat(MAX_BYTES - "adit sources 1\n\nend 1 00000000\n".length());
        snapshot().write(List.of(line));
        assertThat(Files.size(file)).isEqualTo(MAX_BYTES);
        assertThat(snapshot().read()).containsExactly(line);

        assertThatThrownBy(() -> snapshot().write(List.of(line + "x")))
                .hasMessageContaining("limit");
        assertSetAside(new byte[MAX_BYTES + 1]);
    }

    @Test
    void keepsTheOldFileWhereTheDiskRefuses() throws IOException {
        snapshot().write(LINES);
        // A directory in the way of the temporary file is what no user, not even root, can write
        // over.
        Files.createDirectories(file.resolveSibling("sources.partial").resolve("in-the-way"));

        snapshot().write(List.of("newer"));

        assertThat(snapshot().read()).isEqualTo(LINES);
    }

    @Test
    void startsWithoutAFileThatCannotBeRead() throws IOException {
        Files.createDirectory(file);

        assertThat(snapshot().read()).isEmpty();
    }

    @Test
    void refusesALineThatIsTwo() {
        assertThatThrownBy(() -> snapshot().write(List.of("one\ntwo")))
                .hasMessageContaining("line break");
    }

    private void assertSetAside(byte[] bytes) throws IOException {
        Files.deleteIfExists(aside());
        Files.write(file, bytes);
        assertThat(snapshot().read()).isEmpty();
        assertThat(file).doesNotExist();
        assertThat(aside()).hasBinaryContent(bytes);
    }

    private SnapshotFile snapshot() {
        return new SnapshotFile(file, "sources", 1, MAX_BYTES, new EventLog());
    }

    private Path aside() {
        return file.resolveSibling("sources.damaged");
    }
}
