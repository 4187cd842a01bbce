package adit.server.net;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;
import org.shredzone.acme4j.provider.AcmeProvider;
import org.shredzone.acme4j.provider.GenericAcmeProvider;

import adit.server.config.PoolConfig;
import adit.server.config.Reread;
import adit.server.metrics.EventLog;
import adit.server.metrics.PoolMetrics;

/// The certificate that TLS is spoken with, read anew when its files change; connections that are there go on
/// with the one they began with. Where it is ordered from an authority there may be none yet.
///
/// **Owner:** its thread, which reload hands over to; event loops read a volatile field.
public final class Certificates implements AutoCloseable {

    private static final Duration WARN_BEFORE = Duration.ofDays(14);
    private static final Duration WARN_AGAIN = Duration.ofDays(1);

    private final Path certificateFile;
    private final Path keyFile;
    private final EventLog events;
    private final InstantSource clock;
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofVirtual().name("certificates").factory());
    private final @Nullable Renewal renewal;
    private volatile @Nullable Loaded loaded;
    private @Nullable SslContext retired;
    private String seen;
    private Instant warned = Instant.MIN;
    private volatile Runnable whenReady = () -> {};

    private record Loaded(SslContext context, X509Certificate certificate) {
        Instant ends() {
            return certificate.getNotAfter().toInstant();
        }
    }

    /// Reads the files, where TLS is spoken.
    ///
    /// @return null where TLS is not spoken
    /// @throws CertificateUnusable with one line for the operator
    public static @Nullable Certificates of(
            PoolConfig.@Nullable CertificateSource source,
            EventLog events,
            PoolMetrics metrics,
            InstantSource clock) {
        var certificates =
                switch (source) {
                    case null -> null;
                    case PoolConfig.Tls files -> new Certificates(files, events, clock);
                    case PoolConfig.Acme acme ->
                            new Certificates(acme, new GenericAcmeProvider(), events, clock);
                };
        metrics.watchCertificate(() ->
                certificates == null || !certificates.isReady()
                        ? Double.NaN
                        : certificates.secondsLeft());
        return certificates;
    }

    /// Looks whether the files are of use, and keeps nothing of them. What an authority is still to give cannot be
    /// looked at.
    ///
    /// @throws CertificateUnusable with one line for the operator
    public static void check(PoolConfig.@Nullable CertificateSource source, Instant now) {
        switch (source) {
            case null -> {}
            case PoolConfig.Tls(var certificateFile, var keyFile) -> {
                var both = KeyAndChain.read(certificateFile, keyFile, now);
                ReferenceCountUtil.release(both.context());
            }
            case PoolConfig.Acme _ -> {}
        }
    }

    /// Reads the files.
    ///
    /// @throws CertificateUnusable with one line for the operator
    Certificates(PoolConfig.Tls files, EventLog events, InstantSource clock) {
        this.certificateFile = files.certificateFile();
        this.keyFile = files.keyFile();
        this.events = events;
        this.clock = clock;
        this.renewal = null;
        this.seen = fingerprint();
        this.loaded = read();
    }

    /// Reads what an authority gave before, if that is still of use.
    Certificates(
            PoolConfig.Acme settings, AcmeProvider provider, EventLog events, InstantSource clock) {
        var authority = new Authority(settings, provider, clock);
        this.certificateFile = authority.certificateFile();
        this.keyFile = certificateFile;
        this.events = events;
        this.clock = clock;
        this.renewal = new Renewal(authority, this, events, clock);
        this.seen = fingerprint();
        if (Files.exists(certificateFile)) {
            try {
                this.loaded = read();
            } catch (CertificateUnusable bad) {
                events.keptCertificateUnusable(String.valueOf(bad.getMessage()));
            }
        }
    }

    /// Looks at the files every minute.
    ///
    /// @param ready is run again and again on this thread as long as there is a certificate
    public void start(Runnable ready) {
        whenReady = ready;
        var _ = thread.scheduleWithFixedDelay(this::look, 0, 1, TimeUnit.MINUTES);
    }

    /// Orders where it is time to, from now on.
    public void startOrders() {
        if (renewal != null) {
            renewal.start();
        }
    }

    /// Orders nothing for the time being: another process does.
    public void pauseOrders() {
        if (renewal != null) {
            renewal.pause();
        }
    }

    public boolean isReady() {
        return loaded != null;
    }

    @Nullable X509Certificate shown() {
        var now = loaded;
        return now == null ? null : now.certificate();
    }

    @Nullable Renewal renewal() {
        return renewal;
    }

    /// Reads the files again for connections to come; the old certificate stays where the new one is of no use.
    ///
    /// @return what came of it, for the operator
    public Reread reload() {
        return CompletableFuture.supplyAsync(this::readAgain, thread).join();
    }

    /// Only where it [is ready][#isReady].
    Instant validUntil() {
        return Objects.requireNonNull(loaded).ends();
    }

    /// How long the certificate is still valid; only where it [is ready][#isReady].
    long secondsLeft() {
        return Duration.between(clock.instant(), validUntil()).toSeconds();
    }

    /// Only where it [is ready][#isReady].
    SslHandler newHandler(ByteBufAllocator allocator) {
        var handler = context().newHandler(allocator);
        // The door keeps the time.
        handler.setHandshakeTimeoutMillis(0);
        return handler;
    }

    /// Only where it [is ready][#isReady].
    SslContext context() {
        return Objects.requireNonNull(loaded).context();
    }

    /// Reloads if the files have changed, and warns of an end that is near.
    void look() {
        try {
            if (!fingerprint().equals(seen)) {
                var _ = readAgain();
            }
            var there = loaded;
            if (there == null) {
                return;
            }
            whenReady.run();
            var now = clock.instant();
            if (secondsLeft() < WARN_BEFORE.toSeconds()
                    && (warned.equals(Instant.MIN) || !now.isBefore(warned.plus(WARN_AGAIN)))) {
                warned = now;
                events.certificateEndsSoon(there.ends().toString());
            }
        } catch (RuntimeException defect) {
            events.bug("the watch over the certificate", defect);
        }
    }

    /// To be called when no event loop makes connections any more; those that are there keep what they use.
    @Override
    public void close() {
        if (renewal != null) {
            renewal.close();
        }
        CompletableFuture.runAsync(this::releaseAll, thread).join();
        thread.shutdownNow();
    }

    private void releaseAll() {
        var now = loaded;
        loaded = null;
        if (now != null) {
            ReferenceCountUtil.release(now.context());
        }
        if (retired != null) {
            ReferenceCountUtil.release(retired);
            retired = null;
        }
    }

    private Reread readAgain() {
        seen = fingerprint();
        Loaded fresh;
        try {
            fresh = read();
        } catch (CertificateUnusable bad) {
            if (loaded != null) {
                events.certificateKept(String.valueOf(bad.getMessage()));
                return Reread.refused("the old certificate stays: " + bad.getMessage());
            }
            var none = "there is no certificate yet: " + bad.getMessage();
            return Files.exists(certificateFile) ? Reread.refused(none) : Reread.taken(none);
        }
        // A loop may be about to use the one just replaced, never the one before it.
        if (retired != null) {
            ReferenceCountUtil.release(retired);
        }
        var old = loaded;
        retired = old == null ? null : old.context();
        loaded = fresh;
        warned = Instant.MIN;
        events.certificateLoaded(certificateFile.toString(), fresh.ends().toString());
        whenReady.run();
        return Reread.taken("TLS certificate read, valid until " + fresh.ends());
    }

    private Loaded read() {
        var both = KeyAndChain.read(certificateFile, keyFile, clock.instant());
        return new Loaded(both.context(), both.certificate());
    }

    private String fingerprint() {
        return stamp(certificateFile) + stamp(keyFile);
    }

    private static String stamp(Path file) {
        try {
            var attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return "%s %d %s;"
                    .formatted(
                            attributes.fileKey(), attributes.size(), attributes.lastModifiedTime());
        } catch (IOException absent) {
            return "absent;";
        }
    }
}
