package adit.server.net;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.io.pem.PemObject;

import adit.server.config.PoolConfig;

/// A root that clients of a test trust, and certificates for `localhost` below it, in a directory.
final class TestCertificates {

    static final String STORE_PASSWORD = "not-secret";

    private static final SecureRandom RANDOM = new SecureRandom();

    /// Clients have no other clock than the machine's.
    final Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);

    final Path certificateFile;
    final Path keyFile;
    private final KeyPair rootKey = newKey("RSA", 2048);
    private final X509Certificate root =
            issue("Test root", rootKey, rootKey, "Test root", true, now.plus(Duration.ofDays(900)));

    TestCertificates(Path directory) {
        certificateFile = directory.resolve("chain.pem");
        keyFile = directory.resolve("key.pem");
        write(newKey("EC", 256), "one", now.plus(Duration.ofDays(90)));
    }

    PoolConfig.Tls files() {
        return new PoolConfig.Tls(certificateFile, keyFile);
    }

    /// Puts a new certificate and its key where the old ones were.
    void write(KeyPair key, String name, Instant ends) {
        var certificate = issue(name, key, rootKey, "Test root", false, ends);
        writePem(certificateFile, certificate, root);
        writePem(keyFile, new PemObject("PRIVATE KEY", key.getPrivate().getEncoded()));
    }

    void writeKey(KeyPair key) {
        writePem(keyFile, new PemObject("PRIVATE KEY", key.getPrivate().getEncoded()));
    }

    /// A certificate by itself, behind one that is not its own.
    void writeDisordered() {
        var certificate =
                issue("x", newKey("EC", 256), rootKey, "Test root", false, now.plusSeconds(60));
        writePem(certificateFile, root, certificate);
    }

    static KeyPair newKey(String algorithm, int bits) {
        try {
            var generator = KeyPairGenerator.getInstance(algorithm);
            generator.initialize(bits, RANDOM);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException cannot) {
            throw new IllegalStateException(cannot);
        }
    }

    /// Writes what trusts the root and nothing else, for a JVM of its own.
    Path trustStore(Path file) {
        try (var out = Files.newOutputStream(file)) {
            trusted().store(out, STORE_PASSWORD.toCharArray());
            return file;
        } catch (GeneralSecurityException | IOException cannot) {
            throw new IllegalStateException(cannot);
        }
    }

    private KeyStore trusted() throws GeneralSecurityException, IOException {
        var store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        store.setCertificateEntry("root", root);
        return store;
    }

    /// What trusts the root and nothing else.
    SSLContext client() {
        try {
            var store = trusted();
            var trust = TrustManagerFactory.getInstance("PKIX");
            trust.init(store);
            var context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), RANDOM);
            return context;
        } catch (GeneralSecurityException | IOException cannot) {
            throw new IllegalStateException(cannot);
        }
    }

    private static X509Certificate issue(
            String name,
            KeyPair key,
            KeyPair issuer,
            String issuerName,
            boolean isRoot,
            Instant ends) {
        try {
            var builder =
                    new JcaX509v3CertificateBuilder(
                            new X500Name("CN=" + issuerName),
                            new BigInteger(64, RANDOM),
                            Date.from(Instant.parse("2020-01-01T00:00:00Z")),
                            Date.from(ends),
                            new X500Name("CN=" + name),
                            key.getPublic());
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(isRoot));
            if (!isRoot) {
                builder.addExtension(
                        Extension.subjectAlternativeName,
                        false,
                        new GeneralNames(new GeneralName(GeneralName.dNSName, "localhost")));
            }
            var signer = new JcaContentSignerBuilder("SHA256withRSA").build(issuer.getPrivate());
            return new JcaX509CertificateConverter().getCertificate(builder.build(signer));
        } catch (GeneralSecurityException | OperatorCreationException | IOException cannot) {
            throw new IllegalStateException(cannot);
        }
    }

    private static void writePem(Path file, Object... parts) {
        var text = new StringWriter();
        try (var pem = new JcaPEMWriter(text)) {
            for (var part : parts) {
                pem.writeObject(part);
            }
            pem.flush();
            Files.deleteIfExists(file);
            Files.createFile(
                    file,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rw-------")));
            Files.writeString(file, text.toString());
        } catch (IOException cannot) {
            throw new UncheckedIOException(cannot);
        }
    }
}
