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
import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;

import adit.server.metrics.EventLog;

/// When a certificate is ordered: where there is none for all our names, or a third of its time is left.
///
/// After a failure the next attempt comes in a minute, and in twice that after each further one, up to six hours;
/// where the authority names a later time, then, but in a week at the latest.
///
/// Of two processes on one data directory one alone orders: the old one until it hands over, the new one from then
/// on. An order under way at that moment is given up, and ordered again by the other.
///
/// **Owner:** its thread; [#start] and [#pause] from any.
final class Renewal implements AutoCloseable {

    private static final Duration LEAST = Duration.ofMinutes(1);
    private static final Duration MOST = Duration.ofHours(6);
    private static final Duration PAUSE = Duration.ofSeconds(5);
    private static final Duration LONGEST_PATIENCE = Duration.ofDays(7);
    private static final int LEFT_OF = 3;
    private static final int DNS_NAME = 2;

    private final Authority authority;
    private final Certificates certificates;
    private final EventLog events;
    private final InstantSource clock;
    private final AtomicReference<@Nullable ScheduledExecutorService> thread =
            new AtomicReference<>();
    private Duration wait = LEAST;

    Renewal(Authority authority, Certificates certificates, EventLog events, InstantSource clock) {
        this.authority = authority;
        this.certificates = certificates;
        this.events = events;
        this.clock = clock;
    }

    /// Looks now, and again and again from then on.
    void start() {
        var fresh =
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofVirtual().name("certificate-orders").factory());
        if (thread.compareAndSet(null, fresh)) {
            fresh.execute(() -> lookAndLookAgain(fresh));
        } else {
            fresh.shutdown();
        }
    }

    /// Looks no more. An order that is under way is given up when this returns.
    void pause() {
        var running = thread.getAndSet(null);
        if (running == null) {
            return;
        }
        running.shutdownNow();
        try {
            var _ = running.awaitTermination(PAUSE.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        pause();
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
            return afterFailure("what it gave is of no use: " + came.line(), Instant.MIN);
        } catch (OrderFailed failed) {
            return afterFailure(String.valueOf(failed.getMessage()), failed.notBefore());
        }
    }

    private void lookAndLookAgain(ScheduledExecutorService running) {
        var next = MOST;
        try {
            next = look();
        } catch (InterruptedException closing) {
            return;
        } catch (RuntimeException defect) {
            if (running.isShutdown()) {
                return;
            }
            events.bug("ordering a certificate", defect);
        }
        if (!running.isShutdown()) {
            var _ =
                    running.schedule(
                            () -> lookAndLookAgain(running), next.toSeconds(), TimeUnit.SECONDS);
        }
    }

    private Duration afterFailure(String why, Instant notBefore) {
        var next = wait;
        wait = MOST.compareTo(next.multipliedBy(2)) < 0 ? MOST : next.multipliedBy(2);
        var now = clock.instant();
        if (notBefore.isAfter(now.plus(LONGEST_PATIENCE))) {
            next = LONGEST_PATIENCE;
        } else if (notBefore.isAfter(now.plus(next))) {
            next = Duration.between(now, notBefore);
        }
        events.orderFailed(authority.name(), why, next.toMinutes());
        return next;
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
