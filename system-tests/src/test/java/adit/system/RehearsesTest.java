package adit.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

import static org.assertj.core.api.Assertions.assertThat;

/// A rehearsal leaves what a JVM of the same build begins with, and what another passes over.
@Tag("slow")
@Isolated("a rehearsal takes all the machine has")
class RehearsesTest {

    /// The class path the launcher starts with: a JVM writes an AOT cache of jars alone.
    private static final String LIBRARIES =
            Path.of("..", "pool-server", "target", "lib").toAbsolutePath().normalize() + "/*";

    private static final String HEADERS = "-XX:+UseCompactObjectHeaders";

    @TempDir private Path directory;

    @Test
    @Timeout(value = 180, unit = TimeUnit.SECONDS)
    void leavesWhatTheNextStartOfTheBuildBeginsWith() throws Exception {
        var file = directory.resolve("rehearsed.aot");

        assertThat(adit(List.of(HEADERS), "bench", "rehearsal", file.toString())).isEmpty();

        var cache = "-XX:AOTCache=" + file;
        // With this mode a JVM that cannot use the file does not start.
        assertThat(adit(List.of(HEADERS, "-XX:AOTMode=on", cache), "version")).startsWith("Adit ");
        assertThat(adit(List.of("-XX:-UseCompactObjectHeaders", cache, "-Xlog:aot=off"), "version"))
                .startsWith("Adit ");
    }

    /// What a command that succeeds says, on either stream.
    private String adit(List<String> flags, String... arguments)
            throws IOException, InterruptedException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags);
        command.addAll(
                List.of(
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-cp",
                        LIBRARIES,
                        "adit.server.Adit"));
        command.addAll(List.of(arguments));
        var said = directory.resolve("said");
        var process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(said.toFile())
                        .start();
        int status = process.waitFor();
        assertThat(status).as(Files.readString(said)).isZero();
        return Files.readString(said);
    }
}
