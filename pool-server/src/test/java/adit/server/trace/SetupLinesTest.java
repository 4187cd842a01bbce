package adit.server.trace;

import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import adit.server.config.Limits;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

final class SetupLinesTest {

    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final byte[] LINE = "{}\n".getBytes(UTF_8);

    @TempDir private Path directory;
    private final AtomicLong kept = new AtomicLong();

    @Test
    void keepsSoManyReadsAndCountsTheOthers() throws Exception {
        var setup = new SetupLines(kept);
        for (int i = 0; i < Limits.TRACE_SETUP_READS; i++) {
            setup.add(NOON, true, LINE);
        }
        assertThat(traced(setup))
                .hasSize(Limits.TRACE_SETUP_READS)
                .containsOnly("2026-01-01T12:00:00Z #7 > {}");

        setup.add(NOON, true, LINE);
        assertThat(traced(setup))
                .hasSize(Limits.TRACE_SETUP_READS + 1)
                .last()
                .isEqualTo("-- 1 line is missing here: too many came at once to keep them");
    }

    @Test
    void keepsSoManyBytesOfOneConnection() throws Exception {
        var setup = new SetupLines(kept);
        setup.add(NOON, true, line(Limits.TRACE_SETUP_BYTES));
        assertThat(traced(setup)).singleElement().asString().contains("#7 > ");

        setup.add(NOON, false, LINE);
        setup.add(NOON, false, LINE);
        assertThat(traced(setup))
                .hasSize(2)
                .last()
                .asString()
                .startsWith("-- 2 lines are missing here");
    }

    @Test
    void keepsSoMuchOfAllConnectionsUntilTheyForget() throws Exception {
        var first = new SetupLines(kept);
        first.add(NOON, true, LINE);
        long price = kept.get();
        kept.set(Limits.TRACE_ALL_SETUPS_BYTES - price);
        var fits = new SetupLines(kept);
        fits.add(NOON, true, LINE);
        var late = new SetupLines(kept);
        late.add(NOON, true, LINE);

        assertThat(traced(fits)).containsExactly("2026-01-01T12:00:00Z #7 > {}");
        assertThat(traced(late))
                .containsExactly("-- 1 line is missing here: too many came at once to keep them");
        fits.forget();
        late.forget();
        assertThat(kept).hasValue(Limits.TRACE_ALL_SETUPS_BYTES - price);
    }

    @Test
    void isForgottenWhereItIsOfAnotherOrOfOneThatHasGoneOrOfNoUseAnyMore() throws Exception {
        var traces = new WireTraces(directory, InstantSource.fixed(NOON));
        assertThat(traces.tap(peer(1), null)).isNull();
        traces.start(new Subject.Worker("a.b"), Duration.ofHours(1));
        var taps = new ArrayList<Tap>();
        for (int i = 1; i <= 4; i++) {
            var tap = Objects.requireNonNull(traces.tap(peer(i), null));
            tap.in(LINE, 0, LINE.length);
            taps.add(tap);
        }
        long price = traces.keptBeforeLogins() / 4;
        assertThat(price).isPositive();

        taps.get(0).ended();
        assertThat(traces.keptBeforeLogins()).isEqualTo(3 * price);
        assertThat(traces.tap(peer(2, "a", "a.c"), taps.get(1))).isNull();
        assertThat(traces.keptBeforeLogins()).isEqualTo(2 * price);
        assertThat(traces.tap(peer(3, "a", "a.b"), taps.get(2))).isNotNull();
        assertThat(traces.keptBeforeLogins()).isEqualTo(price);
        var again = traces.tap(peer(4), taps.get(3));
        assertThat(traces.keptBeforeLogins()).isEqualTo(price);

        traces.stop(1);
        assertThat(traces.tap(peer(4), again)).isNull();
        assertThat(traces.keptBeforeLogins()).isZero();
    }

    private static Subject.Peer peer(long number, String... names) {
        return new Subject.Peer(number, InetAddress.getLoopbackAddress(), List.of(names));
    }

    private static byte[] line(int bytes) {
        return ("x".repeat(bytes - 1) + "\n").getBytes(UTF_8);
    }

    /// The lines of a trace that is given these and nothing else, without its first and its last.
    private List<String> traced(SetupLines setup) throws Exception {
        var file = Files.createTempFile(directory, "trace", ".txt");
        Files.delete(file);
        var over = new CountDownLatch(1);
        var trace =
                new WireTrace(
                        1,
                        new Subject.Worker("a.b"),
                        file,
                        Duration.ofHours(1),
                        InstantSource.system(),
                        _ -> over.countDown());
        setup.giveTo(trace, 7);
        trace.stop("it was stopped");
        trace.start();
        assertThat(over.await(20, TimeUnit.SECONDS)).isTrue();
        var lines = Files.readAllLines(file);
        return lines.subList(1, lines.size() - 1);
    }
}
