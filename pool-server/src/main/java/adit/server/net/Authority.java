package adit.server.net;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;

import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.util.io.pem.PemObject;
import org.shredzone.acme4j.AccountBuilder;
import org.shredzone.acme4j.Authorization;
import org.shredzone.acme4j.Login;
import org.shredzone.acme4j.Problem;
import org.shredzone.acme4j.Session;
import org.shredzone.acme4j.Status;
import org.shredzone.acme4j.challenge.Http01Challenge;
import org.shredzone.acme4j.exception.AcmeException;
import org.shredzone.acme4j.exception.AcmeLazyLoadingException;
import org.shredzone.acme4j.exception.AcmeProtocolException;
import org.shredzone.acme4j.exception.AcmeRateLimitedException;
import org.shredzone.acme4j.provider.AcmeProvider;
import org.shredzone.acme4j.util.KeyPairUtils;

import adit.server.config.PoolConfig;
import adit.server.keep.WholeFile;

import static java.nio.charset.StandardCharsets.US_ASCII;

/// A certificate authority that speaks ACME, our account with it, and what it has given us, in a directory of
/// its own: another authority's certificate is never taken for this one's.
///
/// How often the authority wants to be asked how far it is (`Retry-After`), the library sees to; how soon another
/// order may come, [Renewal].
///
/// **Owner:** the thread that orders.
/// **Spec:** RFC 8555.
final class Authority {

    /// For each step of an order.
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /// For a question of the authority, until it is answered.
    private static final int ANSWER_MILLIS = 10_000;

    /// An RSA certificate reaches more miners than an elliptic one.
    private static final int RSA_BITS = 2048;

    private static final FileAttribute<Set<PosixFilePermission>> OURS_ALONE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final FileAttribute<Set<PosixFilePermission>> OUR_DIRECTORY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private final PoolConfig.Acme settings;
    private final AcmeProvider provider;
    private final InstantSource clock;
    private final Path directory;

    Authority(PoolConfig.Acme settings, AcmeProvider provider, InstantSource clock) {
        this.settings = settings;
        this.provider = provider;
        this.clock = clock;
        var url = settings.directoryUrl();
        var place = url.getPort() < 0 ? url.getHost() : url.getHost() + "-" + url.getPort();
        this.directory = settings.directory().resolve(place);
    }

    String name() {
        return settings.directoryUrl().getHost();
    }

    List<String> domains() {
        return settings.domains();
    }

    /// The key and the chain in one file, so that one can never be replaced without the other.
    Path certificateFile() {
        return directory.resolve("certificate.pem");
    }

    /// Orders a certificate and keeps it.
    ///
    /// @throws OrderFailed where there is none in the end
    /// @throws InterruptedException where it was given up
    void order() throws InterruptedException {
        try {
            Files.createDirectories(directory, OUR_DIRECTORY);
            WholeFile.write(certificateFile(), certificate(login()), OURS_ALONE);
        } catch (AcmeRateLimitedException tooOften) {
            throw new OrderFailed(
                    whole(tooOften), tooOften, tooOften.getRetryAfter().orElse(Instant.MIN));
        } catch (AcmeException
                | AcmeLazyLoadingException
                | AcmeProtocolException
                | IOException cannot) {
            if (isGivenUp(cannot)) {
                throw new InterruptedException("the order was given up");
            }
            throw new OrderFailed(whole(cannot), cannot);
        }
    }

    /// The library tells of an interruption as of any other failure.
    private static boolean isGivenUp(Throwable failure) {
        boolean interrupted = Thread.interrupted();
        for (var cause = failure; cause != null; cause = cause.getCause()) {
            interrupted |= cause instanceof InterruptedException;
        }
        return interrupted;
    }

    private Login login() throws AcmeException, IOException {
        var account = new AccountBuilder().agreeToTermsOfService().useKeyPair(accountKey());
        if (settings.contact() != null) {
            account.addEmail(settings.contact());
        }
        return account.createLogin(new Session(settings.directoryUrl(), provider));
    }

    private KeyPair accountKey() throws IOException {
        var file = directory.resolve("account-key.pem");
        if (Files.exists(file)) {
            return KeyPairUtils.readKeyPair(new StringReader(Files.readString(file, US_ASCII)));
        }
        var key = KeyPairUtils.createKeyPair(RSA_BITS);
        var text = new StringWriter();
        KeyPairUtils.writeKeyPair(key, text);
        WholeFile.write(file, text.toString().getBytes(US_ASCII), OURS_ALONE);
        return key;
    }

    private byte[] certificate(Login login)
            throws AcmeException, IOException, InterruptedException {
        var order = login.newOrder().domains(settings.domains()).create();
        try (var page =
                new ChallengePage(settings.address(), settings.port(), ANSWER_MILLIS, clock)) {
            for (var authorization : order.getAuthorizations()) {
                prove(authorization, page);
            }
        }
        refuseUnless(Status.READY, order.waitUntilReady(PATIENCE), "the order");
        var key = KeyPairUtils.createKeyPair(RSA_BITS);
        order.execute(key);
        refuseUnless(Status.VALID, order.waitForCompletion(PATIENCE), "the order");
        var text = new StringWriter();
        try (var pem = new JcaPEMWriter(text)) {
            pem.writeObject(new PemObject("PRIVATE KEY", key.getPrivate().getEncoded()));
            for (var certificate : order.getCertificate().getCertificateChain()) {
                pem.writeObject(certificate);
            }
        }
        return text.toString().getBytes(US_ASCII);
    }

    private static void prove(Authorization authorization, ChallengePage page)
            throws AcmeException, InterruptedException {
        if (authorization.getStatus() == Status.VALID) {
            return;
        }
        var domain = authorization.getIdentifier().getDomain();
        var challenge =
                authorization
                        .findChallenge(Http01Challenge.class)
                        .orElseThrow(
                                () -> new OrderFailed("it offers no http-01 for " + domain, null));
        page.put(challenge.getToken(), challenge.getAuthorization());
        challenge.trigger();
        if (authorization.waitForCompletion(PATIENCE) != Status.VALID) {
            challenge.fetch();
            throw new OrderFailed(
                    "it could not see that %s is ours: %s"
                            .formatted(
                                    domain,
                                    challenge
                                            .getError()
                                            .flatMap(Problem::getDetail)
                                            .orElse("it does not say why")),
                    null);
        }
    }

    private static void refuseUnless(Status wanted, Status status, String what) {
        if (status != wanted) {
            throw new OrderFailed(what + " is " + status + " in the end", null);
        }
    }

    /// What is said, down to what it came of: the outermost message alone is often none.
    private static String whole(Throwable failure) {
        var words = new StringBuilder(String.valueOf(failure.getMessage()));
        for (var cause = failure.getCause(); cause != null; cause = cause.getCause()) {
            var more = cause.getMessage();
            if (more == null) {
                more = cause.getClass().getSimpleName();
            }
            if (words.indexOf(more) < 0) {
                words.append(": ").append(more);
            }
        }
        return words.toString();
    }
}
