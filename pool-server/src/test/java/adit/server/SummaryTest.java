package adit.server;

import java.util.concurrent.TimeUnit;

import ch.qos.logback.classic.Level;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import adit.server.metrics.EventLog;
import adit.server.metrics.LoggedLines;
import adit.server.metrics.PoolMetrics;

import static org.assertj.core.api.Assertions.assertThat;

final class SummaryTest {
    private final LoggedLines logged = new LoggedLines(Level.INFO);
    private final PoolMetrics metrics = new PoolMetrics(new SimpleMeterRegistry());
    private long nanos = 5;

    @AfterEach
    void listenNoMore() {
        logged.close();
    }

    @Test
    void tellsWhatHappenedSinceTheLastLine() {
        var summary = new Summary(metrics, () -> 7, new EventLog(), () -> nanos);
        submit("accepted", 3);
        submit("stale", 1);
        metrics.credited(3_000_000);
        nanos += TimeUnit.SECONDS.toNanos(300);
        summary.tell();
        submit("accepted", 2);
        submit("duplicate", 4);
        submit("stale", 1);
        metrics.credited(600_000);
        nanos += TimeUnit.SECONDS.toNanos(300);
        summary.tell();

        assertThat(logged.saying("in the last minutes"))
                .containsExactly(
                        "7 connections; in the last minutes 3 shares accepted (10.00 kH/s), 1 submission refused",
                        "7 connections; in the last minutes 2 shares accepted (2.00 kH/s), 5 submissions refused");
    }

    @Test
    void findsTheUnitOfAHashrate() {
        assertThat(Summary.hashrate(0)).isEqualTo("0.00 H/s");
        assertThat(Summary.hashrate(999)).isEqualTo("999.00 H/s");
        assertThat(Summary.hashrate(1_234_000_000_000.0)).isEqualTo("1.23 TH/s");
        assertThat(Summary.hashrate(5e25)).isEqualTo("50000.00 ZH/s");
    }

    private void submit(String verdict, int times) {
        for (int i = 0; i < times; i++) {
            metrics.submissions(verdict).increment();
        }
    }
}
