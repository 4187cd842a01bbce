package adit.server.net;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

import org.jspecify.annotations.Nullable;
import org.shredzone.acme4j.connector.NetworkSettings;
import org.shredzone.acme4j.provider.AcmeProvider;
import org.shredzone.acme4j.provider.GenericAcmeProvider;

import adit.node.FreePorts;
import adit.server.config.PoolConfig;

/// Let's Encrypt's own test server for ACME, as a process of ours that asks for proofs at a port of this machine.
///
/// Its ports are known before it runs, and again after it was stopped.
final class Pebble implements AutoCloseable {

    private static final long START_NANOS = 30_000_000_000L;
    private final Path directory;
    private final TestCertificates own;
    private final List<Integer> ports = freePorts();
    private @Nullable Process process;

    /// @param own what the server's own HTTPS is spoken with
    Pebble(Path directory, TestCertificates own) {
        this.directory = directory;
        this.own = own;
    }

    /// The program the test run was given, or one on the path or in Adit's cache.
    static Optional<Path> program() {
        var cache = System.getenv("XDG_CACHE_HOME");
        var places = new ArrayList<Path>();
        places.add(Path.of(System.getenv().getOrDefault("ADIT_TEST_PEBBLE", "")));
        for (var place : System.getenv().getOrDefault("PATH", "").split(":", -1)) {
            places.add(Path.of(place, "pebble"));
        }
        var caches =
                cache == null ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(cache);
        places.add(caches.resolve("adit/bin/pebble"));
        return places.stream()
                .filter(place -> place.endsWith("pebble") && Files.isExecutable(place))
                .findFirst();
    }

    PoolConfig.Acme settings(Path kept) {
        return new PoolConfig.Acme(
                URI.create("https://localhost:%d/dir".formatted(ports.get(0))),
                "operator@pool.example",
                List.of("localhost"),
                "0.0.0.0",
                ports.get(2),
                kept);
    }

    /// What trusts the server's own certificate, as production trusts the machine's roots.
    AcmeProvider provider() {
        return new GenericAcmeProvider() {
            @Override
            public HttpClient createHttpClient(NetworkSettings settings) {
                return HttpClient.newBuilder().sslContext(own.client()).build();
            }
        };
    }

    void start(Path program) throws IOException, InterruptedException {
        var configuration = directory.resolve("pebble.json");
        Files.writeString(
                configuration,
                """
                {"pebble": {
                  "listenAddress": "127.0.0.1:%d",
                  "managementListenAddress": "127.0.0.1:%d",
                  "certificate": "%s",
                  "privateKey": "%s",
                  "httpPort": %d,
                  "tlsPort": %d,
                  "ocspResponderURL": "",
                  "externalAccountBindingRequired": false,
                  "retryAfter": {"authz": 1, "order": 1},
                  "profiles": {"default": {"description": "", "validityPeriod": 7776000}}}}
                """
                        .formatted(
                                ports.get(0),
                                ports.get(1),
                                own.certificateFile,
                                own.keyFile,
                                ports.get(2),
                                ports.get(3)));
        var output = directory.resolve("pebble.log");
        var builder =
                new ProcessBuilder(program.toString(), "-config", configuration.toString())
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile());
        builder.environment().put("PEBBLE_VA_NOSLEEP", "1");
        builder.environment().put("PEBBLE_AUTHZREUSE", "0");
        var started = builder.start();
        process = started;
        long deadline = System.nanoTime() + START_NANOS;
        while (ask("https://localhost:%d/dir".formatted(ports.get(0))).isEmpty()) {
            if (!started.isAlive() || System.nanoTime() > deadline) {
                throw new IOException("Pebble did not start: " + Files.readString(output));
            }
            started.waitFor(20, TimeUnit.MILLISECONDS);
        }
    }

    /// What trusts the root this server's certificates come from, and nothing else.
    SSLContext client() throws InterruptedException {
        var root = ask("https://localhost:%d/roots/0".formatted(ports.get(1))).orElseThrow();
        try (var pem = new ByteArrayInputStream(root)) {
            var store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            store.setCertificateEntry(
                    "root",
                    (X509Certificate)
                            CertificateFactory.getInstance("X.509").generateCertificate(pem));
            var trust = TrustManagerFactory.getInstance("PKIX");
            trust.init(store);
            var context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException cannot) {
            throw new IllegalStateException(cannot);
        }
    }

    void stop() {
        if (process != null) {
            var _ = process.destroyForcibly().onExit().join();
        }
    }

    @Override
    public void close() {
        stop();
    }

    private Optional<byte[]> ask(String address) throws InterruptedException {
        try (var http = HttpClient.newBuilder().sslContext(own.client()).build()) {
            var request = HttpRequest.newBuilder(URI.create(address)).build();
            return Optional.of(http.send(request, BodyHandlers.ofByteArray()).body());
        } catch (IOException notYet) {
            return Optional.empty();
        }
    }

    private static List<Integer> freePorts() {
        try {
            return List.of(FreePorts.any(), FreePorts.any(), FreePorts.any(), FreePorts.any());
        } catch (IOException cannot) {
            throw new UncheckedIOException(cannot);
        }
    }
}
