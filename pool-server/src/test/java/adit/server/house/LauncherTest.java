package adit.server.house;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import com.sun.net.httpserver.HttpServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/// Runs the launcher on a [FakeMachine]; what it may fetch comes from a server on loopback.
class LauncherTest {
    @TempDir private Path directory;
    private FakeMachine machine;

    @BeforeEach
    void setsUpAMachine() {
        machine = new FakeMachine(directory);
    }

    @Nested
    class Searching {
        @Test
        void findsANewJdkBesideAnOldDefault() {
            var old = machine.installJdk("jvm/a-17", 17);
            machine.installJdk("jvm/b-25", 25);
            machine.installMaven("maven", "3.8.7", "");
            machine.with("JAVA_HOME", old.toString()).with("PATH", old + "/bin:" + machine.bin());

            var ended = machine.adit("version");

            assertThat(ended.status()).isZero();
            assertThat(ended.out()).startsWith("java 25 ").endsWith(" adit.server.Adit version\n");
            assertThat(machine.mavenCalls()).startsWith(directory + "/jvm/b-25 -B ");
        }

        @Test
        void prefersJavaHome() {
            machine.installJdk("jvm/25", 25);
            machine.installMaven("maven", "3.9.11", "");
            machine.with("JAVA_HOME", machine.installJdk("mine with a blank", 26).toString());

            assertThat(machine.adit("version").out()).startsWith("java 26 ");
        }

        @Test
        void findsTheJdkThatPathLeadsTo() {
            var jdk = machine.installJdk("elsewhere/jdk", 25);
            machine.installMaven("maven", "4.0.0", "");
            machine.link(machine.bin().resolve("javac"), jdk.resolve("bin/javac"));

            assertThat(machine.adit("version").out()).startsWith("java 25 ");
        }

        @Test
        void passesOverAMavenThatIsTooOld() {
            machine.installJdk("jvm/25", 25);
            machine.installMaven("maven-1", "3.6.3", "exit 1");
            machine.installMaven("maven-2", "3.10.0", "");
            machine.with("MAVEN_HOME", directory + "/maven-1");

            assertThat(machine.adit("version").status()).isZero();
        }

        @Test
        void handsOnArgumentsAsTheyAre() {
            machine.installJdk("jvm/25", 25);
            machine.installMaven("maven", "3.8.7", "");

            var ended = machine.adit("run", "--config", "my pool.toml");

            assertThat(ended.out())
                    .contains("-XX:+UseG1GC -XX:G1HeapRegionSize=1m -XX:+UseCompactObjectHeaders")
                    .contains("--enable-native-access=ALL-UNNAMED")
                    .contains("--sun-misc-unsafe-memory-access=allow")
                    .contains("-cp " + machine.house() + "/pool-server/target/lib/*")
                    .endsWith("adit.server.Adit run --config my pool.toml\n");
        }

        @Test
        void explainsItselfWithoutAnyJdk() {
            var ended = machine.adit("help");

            assertThat(ended.status()).isZero();
            assertThat(ended.out())
                    .contains(
                            "demo",
                            "run",
                            "check-config",
                            "miner",
                            "bench",
                            "test",
                            "fuzz",
                            "version");
        }
    }

    @Nested
    class Building {
        @BeforeEach
        void installsTools() {
            machine.installJdk("jvm/25", 25);
            machine.installMaven("maven", "3.8.7", "");
        }

        @Test
        void buildsOnceAndShowsIt() {
            var first = machine.adit("version");
            var second = machine.adit("version");

            assertThat(first.err()).contains("building pool-server [7/8]");
            assertThat(second.err()).isEmpty();
            assertThat(machine.mavenCalls().lines()).hasSize(1);
        }

        /// The firmware book is a source too: the pool carries a copy of it.
        @ParameterizedTest
        @ValueSource(strings = {"pool-server/src/main/java/Adit.java", "config/firmware.toml"})
        void buildsAgainWhenASourceIsNewer(String name) throws IOException {
            machine.write("house/config/firmware.toml", "");
            machine.adit("version");
            var source = machine.house().resolve(name);
            var built = Files.getLastModifiedTime(machine.house().resolve("target/adit-built"));
            Files.setLastModifiedTime(source, FileTime.fromMillis(built.toMillis() + 1000));

            machine.adit("version");

            assertThat(machine.mavenCalls().lines()).hasSize(2);
        }

        @Test
        void fuzzesOnTheClassPathOfTheTests() {
            var list = machine.house() + "/pool-server/target/test-class-path";
            machine.installMaven(
                    "maven", "3.8.7", "printf '%s' /a.jar:/b.jar:/a.jar >'" + list + "'");

            var ended = machine.adit("fuzz", "LineTarget", "--minutes", "3");

            var classes = machine.house() + "/pool-server/target/";
            assertThat(ended.out())
                    .contains(
                            "-cp " + classes + "test-classes:" + classes + "classes:/a.jar:/b.jar ")
                    .endsWith(" adit.server.fuzz.Fuzzer LineTarget --minutes 3\n");
        }

        @Test
        void stopsWhenTheBuildFails() {
            machine.installMaven("maven", "3.8.7", "echo '[ERROR] no such word'; exit 1");

            var ended = machine.adit("version");

            assertThat(ended.status()).isEqualTo(1);
            assertThat(ended.out()).isEmpty();
            assertThat(ended.err()).contains("[ERROR] no such word", "adit-build.log");
            assertThat(machine.adit("version").status()).isEqualTo(1);
        }

        @Test
        void leavesNoOldLibraryBehind() {
            machine.write("house/pool-server/target/lib/old.jar", "");

            machine.adit("version");

            assertThat(machine.house().resolve("pool-server/target/lib/old.jar")).doesNotExist();
        }
    }

    @Nested
    class Testing {
        @BeforeEach
        void installsAJdk() {
            machine.installJdk("jvm/25", 25);
        }

        @Test
        void closesWithTheCounts() {
            reports("tests=\"5\" errors=\"0\" skipped=\"0\" failures=\"0\"", "exit 0");

            var ended = machine.adit("test");

            assertThat(ended.status()).isZero();
            assertThat(ended.out()).endsWith("\n10 passed, 0 failed\n");
        }

        @Test
        void failsWhenATestFailsEvenIfMavenDoesNot() {
            reports("tests=\"5\" errors=\"1\" skipped=\"0\" failures=\"2\"", "exit 0");

            var ended = machine.adit("test");

            assertThat(ended.status()).isEqualTo(1);
            assertThat(ended.out())
                    .endsWith("\n4 passed, 6 failed\n")
                    .contains("a.RoomTest: 3 failed");
        }

        @Test
        void failsWhenATestIsSkipped() {
            reports("tests=\"5\" errors=\"0\" skipped=\"1\" failures=\"0\"", "exit 0");

            var ended = machine.adit("test");

            assertThat(ended.status()).isEqualTo(1);
            assertThat(ended.out()).contains("8 passed, 0 failed, 2 skipped");
        }

        @Test
        void failsWhenMavenFails() {
            reports("tests=\"5\" errors=\"0\" skipped=\"0\" failures=\"0\"", "exit 7");

            assertThat(machine.adit("test").status()).isEqualTo(7);
        }

        @Test
        void failsWhenNothingRan() {
            machine.write(
                    "house/pool-server/target/surefire-reports/TEST-old.xml",
                    "<testsuite tests=\"5\">");
            machine.installMaven("maven", "3.8.7", "");

            var ended = machine.adit("test");

            assertThat(ended.status()).isEqualTo(1);
            assertThat(ended.out()).endsWith("\n0 passed, 0 failed\n");
        }

        @Test
        void tellsTheTestsWhichNodeToUse() {
            machine.installMaven("maven", "3.8.7", "echo \"node is $ADIT_TEST_NODE\"");
            var node = machine.program("home/.cache/adit/bin/btcd", "exit 0");
            machine.with("ADIT_TEST_NODE", "");

            var ended = machine.adit("test");

            assertThat(ended.err()).contains("real node for the tests: btcd, " + node);
            assertThat(ended.out()).contains("node is " + node);
        }

        @Test
        void tellsTheTestsWhichAcmeServerToUse() {
            machine.installMaven("maven", "3.8.7", "echo \"asks $ADIT_TEST_PEBBLE\"");
            var pebble = machine.program("home/.cache/adit/bin/pebble", "exit 0");
            machine.with("ADIT_TEST_PEBBLE", "");

            var ended = machine.adit("test");

            assertThat(ended.err()).contains("ACME server for the tests: " + pebble);
            assertThat(ended.out()).contains("asks " + pebble);
        }

        @Test
        void refusesToTestWithoutAnAcmeServerInCi() {
            machine.installMaven("maven", "3.8.7", "");
            machine.with("ADIT_TEST_PEBBLE", "").with("CI", "true");

            var ended = machine.adit("test");

            assertThat(ended.status()).isEqualTo(1);
            assertThat(ended.err()).contains("in CI Pebble must run");
            assertThat(machine.mavenCalls()).isEmpty();
        }

        @Test
        void testsWithTheBitcoinCoreItBuiltOnce() {
            machine.installMaven("maven", "3.8.7", "echo \"node is $ADIT_TEST_NODE, asked $*\"");
            var built = machine.program("home/.cache/adit/bin/bitcoind", "exit 0");
            machine.program("bin/bitcoind", "exit 0");

            var ended = machine.adit("test", "--bitcoin-core", "-pl", "bitcoin-node");

            assertThat(ended.out())
                    .contains("node is " + built + ", asked ")
                    .contains(" -pl bitcoin-node");
        }

        @Test
        void refusesToTestWithoutARealNodeInCi() {
            machine.installMaven("maven", "3.8.7", "");
            machine.with("ADIT_TEST_NODE", "").with("CI", "true");

            var ended = machine.adit("test");

            assertThat(ended.status()).isEqualTo(1);
            assertThat(ended.err()).contains("in CI one real node must run");
            assertThat(machine.mavenCalls()).isEmpty();
        }

        @Test
        void isAllThatCiRuns() {
            var lines =
                    WorkingTree.here()
                            .read(".ci/run")
                            .lines()
                            .filter(line -> !line.startsWith("#"))
                            .toList();

            assertThat(lines).containsExactly("cd \"$(dirname \"$0\")/..\" && exec ./adit test");
        }

        private void reports(String numbers, String end) {
            var report = "<testsuite name=\"a.RoomTest\" time=\"1.5\" " + numbers + ">";
            var write = "echo '" + report + "' >$d/target/surefire-reports/TEST-a.xml";
            machine.installMaven(
                    "maven",
                    "3.8.7",
                    "for d in '%1$s/a' '%1$s/b'; do mkdir -p $d/target/surefire-reports; %2$s; done; %3$s"
                            .formatted(machine.house(), write, end));
        }
    }

    @Nested
    class Fetching {
        private final List<String> asked = new CopyOnWriteArrayList<>();
        private HttpServer server;

        @BeforeEach
        void startsAServer() throws IOException {
            server =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.start();
            machine.with("ADIT_JDK_URL", address("/jdk.tar.gz"))
                    .with("ADIT_MAVEN_URL", address("/maven.tar.gz"));
        }

        @AfterEach
        void stopsTheServer() {
            server.stop(0);
        }

        @Test
        void saysWhatToDoWithoutATerminal() {
            var ended = machine.adit("version");

            assertThat(ended.status()).isEqualTo(1);
            assertThat(ended.out()).isEmpty();
            assertThat(ended.err().lines())
                    .singleElement()
                    .satisfies(line ->
                            assertThat(line)
                                    .contains("no JDK 25 or newer", "JAVA_HOME", "ADIT_FETCH=1"));
            assertThat(asked).isEmpty();
        }

        @Test
        void fetchesAJdkWhenToldTo() {
            var archive = machine.packed(machine.installJdk("maker/jdk-25.0.9+1", 25));
            serve("/jdk.tar.gz", archive);
            serve("/jdk.tar.gz.sha256.txt", ascii(sum("SHA-256", archive) + "  jdk.tar.gz\n"));
            machine.installMaven("maven", "3.8.7", "");
            machine.with("ADIT_FETCH", "1");

            var first = machine.adit("version");
            var second = machine.with("ADIT_FETCH", "0").adit("version");

            assertThat(first.err()).contains("fetching Temurin", address("/jdk.tar.gz"));
            assertThat(first.out()).startsWith("java 25 ");
            assertThat(second.out()).startsWith("java 25 ");
            assertThat(asked).containsExactly("/jdk.tar.gz.sha256.txt", "/jdk.tar.gz");
        }

        @Test
        void fetchesAMavenWhenToldTo() {
            machine.installJdk("jvm/25", 25);
            var archive = machine.packed(machine.installMaven("maker/apache-maven", "3.9.11", ""));
            serve("/maven.tar.gz", archive);
            serve("/maven.tar.gz.sha512", ascii(sum("SHA-512", archive)));

            var ended = machine.with("ADIT_FETCH", "1").adit("version");

            assertThat(ended.status()).isZero();
            assertThat(machine.mavenCalls()).contains(" package ");
        }

        @Test
        void refusesAnArchiveThatIsNotWhatItsMakersPublished() throws IOException {
            var archive = machine.packed(machine.installJdk("maker/jdk-25", 25));
            serve("/jdk.tar.gz", archive);
            serve("/jdk.tar.gz.sha256.txt", ascii(sum("SHA-256", new byte[1]) + "  jdk.tar.gz\n"));

            var ended = machine.with("ADIT_FETCH", "1").adit("version");

            assertThat(ended.status()).isEqualTo(1);
            assertThat(ended.err()).contains("refused " + address("/jdk.tar.gz"));
            assertThat(cached()).isEmpty();
        }

        @Test
        void refusesAnEmptyChecksum() {
            serve("/jdk.tar.gz", machine.packed(machine.installJdk("maker/jdk-25", 25)));
            serve("/jdk.tar.gz.sha256.txt", new byte[0]);

            var ended = machine.with("ADIT_FETCH", "1").adit("version");

            assertThat(ended.status()).isEqualTo(1);
            assertThat(ended.err()).contains("refused ");
        }

        @Test
        void saysWhatCouldNotBeFetched() throws IOException {
            var ended = machine.with("ADIT_FETCH", "1").adit("version");

            assertThat(ended.status()).isEqualTo(1);
            assertThat(ended.err()).contains("could not fetch " + address("/jdk.tar.gz"));
            assertThat(cached()).isEmpty();
        }

        private List<Path> cached() throws IOException {
            try (var entries = Files.list(machine.cache())) {
                return entries.toList();
            }
        }

        private String address(String path) {
            return "http://127.0.0.1:" + server.getAddress().getPort() + path;
        }

        private void serve(String path, byte[] body) {
            server.createContext(
                    path,
                    exchange -> {
                        boolean isExact = exchange.getRequestURI().getPath().equals(path);
                        asked.add(exchange.getRequestURI().getPath());
                        exchange.sendResponseHeaders(
                                isExact ? 200 : 404, isExact ? body.length : -1);
                        if (isExact) {
                            exchange.getResponseBody().write(body);
                        }
                        exchange.close();
                    });
        }
    }

    @Test
    void consistsOfScriptsThatAShellCanRead() {
        var tree = WorkingTree.here();
        var scripts =
                tree.files().stream()
                        .filter(file -> tree.name(file).matches("adit|\\.ci/run|scripts/.*\\.sh"))
                        .toList();

        assertThat(scripts).hasSizeGreaterThan(4);
        assertThat(scripts)
                .allSatisfy(script -> {
                    assertThat(WorkingTree.read(script)).startsWith("#!/bin/sh\n");
                    assertThat(syntaxCheck(script)).isZero();
                });
    }

    @Test
    void staysShort() {
        assertThat(WorkingTree.here().read("adit").lines().count()).isLessThanOrEqualTo(250);
    }

    private static int syntaxCheck(Path script) {
        try {
            return new ProcessBuilder("sh", "-n", script.toString()).start().waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static String sum(String algorithm, byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
