package adit.server.net;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import adit.server.metrics.EventLog;
import adit.server.metrics.LoggedLines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/// What is read of certificate files, what is refused in one line, and what the operator is told in time.
final class CertificatesTest {

    @TempDir private Path directory;

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
    private final LoggedLines told = new LoggedLines();
    private TestCertificates files;

    @BeforeEach
    void write() {
        files = new TestCertificates(directory);
        now.set(files.now);
    }

    @AfterEach
    void stop() {
        told.close();
    }

    @Test
    void refusesInOneLineWhatIsOfNoUse() throws IOException {
        var other = TestCertificates.newKey("EC", 256);
        files.writeKey(other);
        assertRefused("key.pem is not the key of the first certificate in");
        files.writeKey(TestCertificates.newKey("RSA", 2048));
        assertRefused("key.pem is not the key of the first certificate in");
        files.write(other, "x", files.now.minusSeconds(1));
        assertRefused("certificate 1 ended on " + files.now.minusSeconds(1));
        files.write(other, "x", files.now.plus(Duration.ofDays(1)));
        now.set(Instant.parse("2019-01-01T00:00:00Z"));
        assertRefused("certificate 1 is not valid before 2020-01-01T00:00:00Z");
        now.set(files.now);
        Files.setPosixFilePermissions(files.keyFile, PosixFilePermissions.fromString("rw-r--r--"));
        assertRefused("can be read by everybody on this machine; chmod 600 it");
        Files.setPosixFilePermissions(files.keyFile, PosixFilePermissions.fromString("rw-r-----"));
        open().close();
        Certificates.check(files.files(), now.get());
        files.writeDisordered();
        assertRefused("certificate 2 has not issued the one before it");
        Files.writeString(files.certificateFile, "hello");
        assertRefused("certificate-file .*chain.pem holds ");
        Files.writeString(files.certificateFile, "");
        assertRefused("holds no certificate in PEM");
        Files.delete(files.certificateFile);
        assertRefused("certificate-file: there is no file .*chain.pem");
        Files.writeString(files.keyFile, "hello");
        assertRefused("key-file .*key.pem holds no key in PEM");
        Files.delete(files.keyFile);
        assertRefused("key-file: there is no file .*key.pem");
    }

    @Test
    void keepsTheOldCertificateWhereTheNewOneIsOfNoUse() {
        try (var certificates = open()) {
            long left = certificates.secondsLeft();
            files.write(TestCertificates.newKey("EC", 256), "x", files.now.minusSeconds(1));

            var came = certificates.reload();
            assertThat(came.isRefused()).isTrue();
            assertThat(came.line()).startsWith("the old certificate stays: ").contains("ended on");
            assertThat(certificates.secondsLeft()).isEqualTo(left);
            assertThat(told.count("the old one stays")).isEqualTo(1);

            certificates.look();
            assertThat(told.count("the old one stays")).isEqualTo(1);

            files.write(
                    TestCertificates.newKey("EC", 256), "x", files.now.plus(Duration.ofDays(100)));
            certificates.look();
            assertThat(certificates.secondsLeft()).isEqualTo(Duration.ofDays(100).toSeconds());
        }
    }

    @Test
    void warnsOnceADayFromFourteenDaysBeforeTheEnd() {
        try (var certificates = open()) {
            now.set(files.now.plus(Duration.ofDays(76)));
            certificates.look();
            assertThat(told.count("ends on")).isZero();
            now.set(now.get().plusSeconds(1));
            certificates.look();
            certificates.look();
            assertThat(told.count("ends on")).isEqualTo(1);
            now.set(now.get().plus(Duration.ofDays(1)));
            certificates.look();
            assertThat(told.count("ends on")).isEqualTo(2);
        }
    }

    private Certificates open() {
        InstantSource clock = now::get;
        return new Certificates(files.files(), new EventLog(), clock);
    }

    private void assertRefused(String words) {
        assertThatThrownBy(this::open)
                .isInstanceOf(CertificateUnusable.class)
                .hasMessageMatching(".*" + words + ".*")
                .hasMessageNotContaining("\n");
        assertThatThrownBy(() -> Certificates.check(files.files(), now.get()))
                .as("before a start too")
                .isInstanceOf(CertificateUnusable.class)
                .hasMessageMatching(".*" + words + ".*");
    }
}
