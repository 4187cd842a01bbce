package adit.ledger.postgres;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class LocalPostgresTest {
    private static final Path SOFTWARE =
            Path.of(System.getProperty("java.io.tmpdir"), "postgres-software");

    @TempDir Path temporary;

    @AfterEach
    void leavesNoServerBehind() throws Exception {
        LocalPostgres.stopAbandoned(directory(), SOFTWARE);
    }

    @Test
    void keepsDataPortAndPasswordOverRestarts() throws Exception {
        int port;
        try (var first = start()) {
            port = first.port();
            execute(first, "CREATE TABLE kept (n int)");
            execute(first, "INSERT INTO kept VALUES (42)");
        }

        try (var second = start()) {
            assertThat(second.port()).isEqualTo(port);
            assertThat(ask(second, "SELECT n FROM kept")).isEqualTo("42");
        }
        assertThat(directory().resolve("data/postmaster.pid")).doesNotExist();
    }

    @Test
    void isFoundByOtherProcessesWhileItRuns() throws Exception {
        assertThat(LocalPostgres.running(directory())).isEmpty();
        try (var postgres = start()) {
            execute(postgres, "CREATE TABLE seen (n int)");
            try (var connection = LocalPostgres.running(directory()).orElseThrow().getConnection();
                    var statement = connection.createStatement()) {
                assertThat(statement.executeUpdate("INSERT INTO seen VALUES (1)")).isOne();
            }
        }
        assertThat(LocalPostgres.running(directory())).isEmpty();
    }

    @Test
    void runsWithSafeSettings() throws Exception {
        try (var postgres = start()) {
            var settings = new TreeMap<String, String>();
            for (String name :
                    List.of(
                            "fsync",
                            "synchronous_commit",
                            "full_page_writes",
                            "data_checksums",
                            "listen_addresses",
                            "unix_socket_directories",
                            "password_encryption")) {
                settings.put(name, ask(postgres, "SHOW " + name));
            }
            assertThat(settings)
                    .containsEntry("fsync", "on")
                    .containsEntry("synchronous_commit", "on")
                    .containsEntry("full_page_writes", "on")
                    .containsEntry("data_checksums", "on")
                    .containsEntry("listen_addresses", "127.0.0.1")
                    .containsEntry("unix_socket_directories", "")
                    .containsEntry("password_encryption", "scram-sha-256");
            assertThat(
                            ask(
                                    postgres,
                                    "SELECT string_agg(DISTINCT auth_method, ',') FROM pg_hba_file_rules"))
                    .isEqualTo("scram-sha-256");
            assertThat(
                            PosixFilePermissions.toString(
                                    Files.getPosixFilePermissions(directory().resolve("password"))))
                    .isEqualTo("rw-------");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory())))
                    .isEqualTo("rwx------");
        }
    }

    @Test
    void refusesAWrongPassword() {
        try (var postgres = start()) {
            assertThatThrownBy(() ->
                            DriverManager.getConnection(
                                    "jdbc:postgresql://127.0.0.1:" + postgres.port() + "/adit",
                                    "adit",
                                    "guess"))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("password authentication failed");
        }
    }

    @Test
    void refusesASecondOwner() {
        try (var _ = start()) {
            assertThatThrownBy(this::start)
                    .isInstanceOf(LocalPostgresUnavailable.class)
                    .hasMessageContaining("another process runs");
        }
    }

    @Test
    void takesOverFromACrashedOwner() throws Exception {
        Process owner =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                CrashingOwner.class.getName(),
                                directory().toString(),
                                SOFTWARE.toString())
                        .redirectErrorStream(true)
                        .redirectOutput(temporary.resolve("owner.out").toFile())
                        .start();
        assertThat(owner.waitFor(50, TimeUnit.SECONDS)).isTrue();
        assertThat(owner.exitValue())
                .as(Files.readString(temporary.resolve("owner.out")))
                .isEqualTo(CrashingOwner.EXIT_CODE);
        long orphan = serverPid();
        assertThat(ProcessHandle.of(orphan)).as("the crash left a server running").isPresent();

        try (var postgres = start()) {
            assertThat(serverPid()).isNotEqualTo(orphan);
            assertThat(ask(postgres, "SELECT n FROM before_the_crash")).isEqualTo("7");
        }
    }

    @Test
    void startsWhereTheOldProcessNumberBelongsToAnotherProgram() throws Exception {
        start().close();
        Files.writeString(
                directory().resolve("data/postmaster.pid"),
                ProcessHandle.current().pid() + "\n" + directory().resolve("data") + "\n");

        try (var postgres = start()) {
            assertThat(ask(postgres, "SELECT 1")).isEqualTo("1");
        }
    }

    @Test
    void choosesAnotherPortWhenItsOwnIsTaken() throws Exception {
        int port;
        try (var postgres = start()) {
            port = postgres.port();
        }

        try (var _ = new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
                var postgres = start()) {
            assertThat(postgres.port()).isNotEqualTo(port);
            assertThat(Files.readString(directory().resolve("port")).strip())
                    .isEqualTo(Integer.toString(postgres.port()));
        }
    }

    @Test
    void runsAsAnUnprivilegedSystemUserWhereThisProcessIsRoot() throws Exception {
        boolean isRoot = "root".equals(System.getProperty("user.name"));
        var command =
                isRoot ? ServerCommand.asSystemUser("nobody") : new ServerCommand(List.of(), "");
        System.out.println("LocalPostgresTest: server run as " + (isRoot ? "nobody" : "ourselves"));
        Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rwx--x--x"));

        try (var postgres =
                LocalPostgres.start(
                        directory(), SOFTWARE, LocalPostgres.Flavour.DURABLE, command)) {
            assertThat(ask(postgres, "SELECT 1")).isEqualTo("1");
            assertThat(Files.getOwner(directory().resolve("data")).getName())
                    .isEqualTo(isRoot ? "nobody" : System.getProperty("user.name"));
        }
    }

    @Test
    void refusesAClusterOfSomebodyElse() throws Exception {
        Files.createDirectories(directory().resolve("data"));
        Files.writeString(directory().resolve("data/PG_VERSION"), "15\n");

        assertThatThrownBy(this::start)
                .isInstanceOf(LocalPostgresUnavailable.class)
                .hasMessageContaining("did not create");
    }

    private Path directory() {
        return temporary.resolve("embedded");
    }

    private LocalPostgres start() {
        return LocalPostgres.start(directory(), SOFTWARE, LocalPostgres.Flavour.DURABLE);
    }

    private long serverPid() throws Exception {
        return Long.parseLong(
                Files.readAllLines(directory().resolve("data/postmaster.pid")).getFirst());
    }

    private static void execute(LocalPostgres postgres, String sql) throws SQLException {
        try (var connection = postgres.dataSource().getConnection();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String ask(LocalPostgres postgres, String sql) throws SQLException {
        try (var connection = postgres.dataSource().getConnection();
                var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }

    /// A program that starts a server and is gone without stopping it.
    static final class CrashingOwner {
        static final int EXIT_CODE = 77;

        private CrashingOwner() {}

        public static void main(String[] arguments) throws SQLException {
            var postgres =
                    LocalPostgres.start(
                            Path.of(arguments[0]),
                            Path.of(arguments[1]),
                            LocalPostgres.Flavour.DURABLE);
            execute(postgres, "CREATE TABLE before_the_crash AS SELECT 7 AS n");
            Runtime.getRuntime().halt(EXIT_CODE);
        }
    }
}
