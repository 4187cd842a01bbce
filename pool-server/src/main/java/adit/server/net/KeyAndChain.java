package adit.server.net;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SSLException;

import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

/// What a TLS server shows and proves: its certificate, those that vouch for it, and the key.
///
/// **Invariant:** the key is the certificate's, each certificate is issued by the next, and all were valid
/// when they were read.
record KeyAndChain(PrivateKey key, List<X509Certificate> chain) {

    KeyAndChain {
        chain = List.copyOf(chain);
    }

    private static final long MOST_BYTES = 1 << 20;

    /// The last two are for firmware with an old mbedTLS.
    private static final List<String> CIPHER_SUITES =
            List.of(
                    "TLS_AES_128_GCM_SHA256",
                    "TLS_AES_256_GCM_SHA384",
                    "TLS_CHACHA20_POLY1305_SHA256",
                    "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
                    "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
                    "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
                    "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
                    "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
                    "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
                    "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA",
                    "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA");

    /// Reads PEM files.
    ///
    /// @throws CertificateUnusable where an invariant would not hold
    static KeyAndChain read(Path certificateFile, Path keyFile, Instant now) {
        refuseOpenKey(keyFile);
        var both = new KeyAndChain(readKey(keyFile), readChain(certificateFile));
        both.check(certificateFile, keyFile, now);
        return both;
    }

    X509Certificate certificate() {
        return chain.getFirst();
    }

    Instant ends() {
        return certificate().getNotAfter().toInstant();
    }

    /// Without tickets and without a session cache: nothing to rotate and nothing to steal, for a full
    /// handshake once a connection.
    SslContext context() {
        try {
            return SslContextBuilder.forServer(key, chain.toArray(X509Certificate[]::new))
                    .sslProvider(
                            OpenSsl.isAvailable() ? SslProvider.OPENSSL_REFCNT : SslProvider.JDK)
                    .protocols("TLSv1.3", "TLSv1.2")
                    .ciphers(CIPHER_SUITES, SupportedCipherSuiteFilter.INSTANCE)
                    .build();
        } catch (SSLException cannot) {
            throw new CertificateUnusable(
                    "TLS cannot be spoken with this certificate: " + cannot.getMessage(), cannot);
        }
    }

    private static void refuseOpenKey(Path file) {
        try {
            if (Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_READ)) {
                throw new CertificateUnusable(
                        "key-file %s can be read by everybody on this machine; chmod 600 it"
                                .formatted(file));
            }
        } catch (IOException cannot) {
            throw unreadable("key-file", file, cannot);
        }
    }

    private static PrivateKey readKey(Path file) {
        try (var pem = new PEMParser(new StringReader(text("key-file", file)))) {
            for (var part = pem.readObject(); part != null; part = pem.readObject()) {
                switch (part) {
                    case PrivateKeyInfo info -> {
                        return new JcaPEMKeyConverter().getPrivateKey(info);
                    }
                    case PEMKeyPair pair -> {
                        return new JcaPEMKeyConverter().getPrivateKey(pair.getPrivateKeyInfo());
                    }
                    default -> {
                        // The curve of a key stands before it in a part of its own.
                    }
                }
            }
        } catch (IOException cannot) {
            throw new CertificateUnusable("key-file %s holds a broken key".formatted(file), cannot);
        }
        throw new CertificateUnusable(
                "key-file %s holds no key in PEM that can be read without a password"
                        .formatted(file));
    }

    private static List<X509Certificate> readChain(Path file) {
        var chain = new ArrayList<X509Certificate>();
        try (var pem = new PEMParser(new StringReader(text("certificate-file", file)))) {
            var converter = new JcaX509CertificateConverter();
            for (var part = pem.readObject(); part != null; part = pem.readObject()) {
                if (part instanceof X509CertificateHolder certificate) {
                    chain.add(converter.getCertificate(certificate));
                }
            }
        } catch (IOException | CertificateException broken) {
            throw new CertificateUnusable(
                    "certificate-file %s holds a broken certificate".formatted(file), broken);
        }
        if (!chain.isEmpty()) {
            return chain;
        }
        throw new CertificateUnusable(
                "certificate-file %s holds no certificate in PEM".formatted(file));
    }

    private void check(Path certificateFile, Path keyFile, Instant now) {
        for (int i = 0; i < chain.size(); i++) {
            var certificate = chain.get(i);
            if (now.isAfter(certificate.getNotAfter().toInstant())) {
                throw new CertificateUnusable(
                        "certificate-file %s: certificate %d ended on %s"
                                .formatted(
                                        certificateFile,
                                        i + 1,
                                        certificate.getNotAfter().toInstant()));
            }
            if (now.isBefore(certificate.getNotBefore().toInstant())) {
                throw new CertificateUnusable(
                        "certificate-file %s: certificate %d is not valid before %s"
                                .formatted(
                                        certificateFile,
                                        i + 1,
                                        certificate.getNotBefore().toInstant()));
            }
            if (i > 0 && !isIssued(chain.get(i - 1), certificate)) {
                throw new CertificateUnusable(
                        "certificate-file %s: certificate %d has not issued the one before it; the pool's own comes first, then its issuer"
                                .formatted(certificateFile, i + 1));
            }
        }
        if (!isKeyOfCertificate()) {
            throw new CertificateUnusable(
                    "key-file %s is not the key of the first certificate in %s"
                            .formatted(keyFile, certificateFile));
        }
    }

    private static boolean isIssued(X509Certificate certificate, X509Certificate issuer) {
        try {
            certificate.verify(issuer.getPublicKey());
            return true;
        } catch (GeneralSecurityException not) {
            return false;
        }
    }

    private boolean isKeyOfCertificate() {
        try {
            var algorithm = key.getAlgorithm().toUpperCase(Locale.ROOT);
            var signature =
                    Signature.getInstance(
                            switch (algorithm) {
                                case "EC", "ECDSA" -> "SHA256withECDSA";
                                case "RSA" -> "SHA256withRSA";
                                default -> algorithm;
                            });
            signature.initSign(key);
            signature.update((byte) 1);
            var proof = signature.sign();
            signature.initVerify(certificate().getPublicKey());
            signature.update((byte) 1);
            return signature.verify(proof);
        } catch (GeneralSecurityException not) {
            return false;
        }
    }

    private static String text(String setting, Path file) {
        try {
            if (Files.size(file) > MOST_BYTES) {
                throw new CertificateUnusable("%s %s is too large".formatted(setting, file));
            }
            return new String(Files.readAllBytes(file), ISO_8859_1);
        } catch (IOException cannot) {
            throw unreadable(setting, file, cannot);
        }
    }

    private static CertificateUnusable unreadable(String setting, Path file, IOException cause) {
        return new CertificateUnusable(
                cause instanceof NoSuchFileException
                        ? "%s: there is no file %s".formatted(setting, file)
                        : "%s %s cannot be read".formatted(setting, file),
                cause);
    }
}
