package adit.node;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// A node program started for a test in a directory of its own, stopped and swept away at the end.
final class NodeProcess implements AutoCloseable {
    private final Process process;
    private final Path directory;

    private NodeProcess(Process process, Path directory) {
        this.process = process;
        this.directory = directory;
    }

    /// An executable by name: the one `ADIT_TEST_NODE` names, or on the path, or in the places such programs are
    /// installed to.
    static Optional<Path> find(String program) {
        var home = Path.of(System.getProperty("user.home"));
        var cache = System.getenv("XDG_CACHE_HOME");
        var goPath = System.getenv("GOPATH");
        var places = new ArrayList<Path>();
        var chosen = Path.of(System.getenv().getOrDefault("ADIT_TEST_NODE", ""));
        if (chosen.endsWith(program) && chosen.getParent() != null) {
            places.add(chosen.getParent());
        }
        for (var place : System.getenv().getOrDefault("PATH", "").split(":", -1)) {
            places.add(Path.of(place));
        }
        places.add((goPath == null ? home.resolve("go") : Path.of(goPath)).resolve("bin"));
        places.add((cache == null ? home.resolve(".cache") : Path.of(cache)).resolve("adit/bin"));
        return places.stream()
                .map(place -> place.resolve(program))
                .filter(Files::isExecutable)
                .findFirst();
    }

    static Path freshDirectory() throws IOException {
        return Files.createTempDirectory("node");
    }

    static NodeProcess start(Path directory, List<String> command) throws IOException {
        var process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(directory.resolve("output.log").toFile())
                        .start();
        return new NodeProcess(process, directory);
    }

    Path directory() {
        return directory;
    }

    /// Waits until a question to the node is answered.
    void awaitAnswer(Runnable question, Duration atMost) throws Exception {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (true) {
            try {
                question.run();
                return;
            } catch (NodeUnavailable e) {
                if (System.nanoTime() > deadline || !process.isAlive()) {
                    throw new IOException(
                            "the node did not start: "
                                    + Files.readString(directory.resolve("output.log")),
                            e);
                }
                process.waitFor(20, TimeUnit.MILLISECONDS);
            }
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        sweep(directory);
    }

    static void sweep(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
