package adit.server.net;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

import adit.server.metrics.EventLog;

/// When a certificate is ordered: where there is none for all our names, or a third of its time is left.
///
/// After a failure the next attempt comes in a minute, and in twice that after each further one, up to six hours.
///
/// **Owner:** its thread.
final class Renewal implements AutoCloseable {

    private static final Duration LEAST = Duration.ofMinutes(1);
    private static final Duration MOST = Duration.ofHours(6);
    private static final int LEFT_OF = 3;
    private static final int DNS_NAME = 2;

    private final Authority authority;
    private final Certificates certificates;
    private final EventLog events;
    private final InstantSource clock;
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofVirtual().name("certificate-orders").factory());
    private Duration wait = LEAST;

    Renewal(Authority authority, Certificates certificates, EventLog events, InstantSource clock) {
        this.authority = authority;
        this.certificates = certificates;
        this.events = events;
        this.clock = clock;
    }

    void start() {
        thread.execute(this::lookAndLookAgain);
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }

    /// Orders where it is time to.
    ///
    /// @return when to look again
    Duration look() throws InterruptedException {
        if (!isDue(certificates.shown())) {
            return MOST;
        }
        try {
            authority.order();
            var came = certificates.reload();
            if (!isDue(certificates.shown())) {
                wait = LEAST;
                return MOST;
            }
            return afterFailure("what it gave is of no use: " + came);
        } catch (OrderFailed failed) {
            return afterFailure(String.valueOf(failed.getMessage()));
        }
    }

    private void lookAndLookAgain() {
        var next = MOST;
        try {
            next = look();
        } catch (InterruptedException closing) {
            return;
        } catch (RuntimeException defect) {
            if (thread.isShutdown()) {
                return;
            }
            events.bug("ordering a certificate", defect);
        }
        if (!thread.isShutdown()) {
            var _ = thread.schedule(this::lookAndLookAgain, next.toSeconds(), TimeUnit.SECONDS);
        }
    }

    private Duration afterFailure(String why) {
        var now = wait;
        wait = MOST.compareTo(now.multipliedBy(2)) < 0 ? MOST : now.multipliedBy(2);
        if (!thread.isShutdown()) {
            events.orderFailed(authority.name(), why, now.toMinutes());
        }
        return now;
    }

    private boolean isDue(@Nullable X509Certificate shown) {
        return shown == null
                || !isFor(shown, authority.domains())
                || isInItsLastThird(
                        shown.getNotBefore().toInstant(), shown.getNotAfter().toInstant());
    }

    private boolean isInItsLastThird(Instant begins, Instant ends) {
        var left = Duration.between(clock.instant(), ends);
        return left.multipliedBy(LEFT_OF).compareTo(Duration.between(begins, ends)) <= 0;
    }

    private static boolean isFor(X509Certificate certificate, List<String> domains) {
        try {
            var names = new HashSet<Object>();
            var alternatives = certificate.getSubjectAlternativeNames();
            if (alternatives != null) {
                for (var name : alternatives) {
                    if (name.getFirst().equals(DNS_NAME)) {
                        names.add(name.get(1));
                    }
                }
            }
            return names.containsAll(domains);
        } catch (CertificateParsingException broken) {
            return false;
        }
    }
}
