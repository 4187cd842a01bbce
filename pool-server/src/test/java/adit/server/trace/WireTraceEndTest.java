package adit.server.trace;

import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import adit.server.config.Limits;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

final class WireTraceEndTest {

    @TempDir private Path directory;

    @Test
    void saysWhyItEndsWithThePoolBeforeThatHasEnded() throws Exception {
        var traces = new WireTraces(directory.resolve("traces"), InstantSource.system());
        traces.start(new Subject.Connection(1), Duration.ofHours(1));

        traces.end("another process has taken this pool over");

        assertThat(traces.isIdle()).isTrue();
        try (var files = Files.list(directory.resolve("traces"))) {
            assertThat(Files.readAllLines(files.findFirst().orElseThrow()))
                    .last()
                    .isEqualTo("-- ends: another process has taken this pool over");
        }
    }

    @Test
    void endsWhenStoppedThoughAsMuchWaitsAsMay() throws Exception {
        var file = directory.resolve("trace.txt");
        var over = new CountDownLatch(1);
        var trace =
                new WireTrace(
                        1,
                        new Subject.Address(InetAddress.getLoopbackAddress()),
                        file,
                        Duration.ofHours(1),
                        InstantSource.system(),
                        _ -> over.countDown());
        var line = "{\"id\":1}\n".getBytes(UTF_8);
        for (int i = 0; i < Limits.TRACE_QUEUE; i++) {
            trace.offer(Instant.EPOCH, 7, true, line);
        }
        trace.stop("it was stopped");

        trace.start();

        assertThat(over.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(Files.readAllLines(file))
                .hasSize(Limits.TRACE_QUEUE + 2)
                .last()
                .isEqualTo("-- ends: it was stopped");
    }
}
