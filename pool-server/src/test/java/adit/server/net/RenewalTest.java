package adit.server.net;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.shredzone.acme4j.provider.GenericAcmeProvider;

import adit.server.metrics.EventLog;
import adit.server.metrics.LoggedLines;

import static org.assertj.core.api.Assertions.assertThat;

/// When certificates are ordered from an authority that has had enough, and by whom.
@Timeout(60)
final class RenewalTest {

    private static final Duration SLACK = Duration.ofSeconds(20);
    private static final String REFUSED = "No TLS certificate from 127.0.0.1";

    @TempDir private Path directory;
    private final LoggedLines told = new LoggedLines();

    @AfterEach
    void close() {
        told.close();
    }

    @Test
    void asksNoSoonerThanTheAuthorityWants() throws Exception {
        assertNext("7200", Duration.ofHours(2));
        var inThreeHours = ZonedDateTime.now(ZoneOffset.UTC).plusHours(3);
        assertNext(DateTimeFormatter.RFC_1123_DATE_TIME.format(inThreeHours), Duration.ofHours(3));
    }

    @Test
    void asksNoLaterThanInAWeekAndNoSoonerThanItWouldAnyway() throws Exception {
        assertNext("31536000", Duration.ofDays(7));
        assertNext("5", Duration.ofMinutes(1));
    }

    /// The two processes of a takeover, which share the directory of the account and of the certificate.
    @Test
    void isDoneByOneOfTwoProcessesAtATime() throws Exception {
        try (var authority = new FakeAuthority("86400");
                var old = certificates(authority);
                var next = certificates(authority)) {
            authority.letWait();
            old.startOrders();
            authority.awaitAsked();
            old.pauseOrders();
            authority.answerAll();

            next.startOrders();
            awaitRefusals(1);
            assertThat(authority.asked()).isEqualTo(2);

            // The one that took over is gone, and the old one goes on.
            next.pauseOrders();
            old.startOrders();
            awaitRefusals(2);
            assertThat(authority.asked()).isEqualTo(3);
        }
    }

    private void assertNext(String retryAfter, Duration wanted) throws Exception {
        try (var authority = new FakeAuthority(retryAfter);
                var certificates = certificates(authority)) {
            var next = Objects.requireNonNull(certificates.renewal()).look();

            assertThat(next).as(retryAfter).isBetween(wanted.minus(SLACK), wanted);
        }
    }

    private Certificates certificates(FakeAuthority authority) throws IOException {
        return new Certificates(
                authority.settings(directory.resolve("acme")),
                new GenericAcmeProvider(),
                new EventLog(),
                InstantSource.system());
    }

    private void awaitRefusals(int count) {
        while (refusals() < count) {
            LockSupport.parkNanos(1_000_000);
        }
        assertThat(refusals()).isEqualTo(count);
    }

    private long refusals() {
        return told.count(REFUSED);
    }
}
