package adit.ledger.postgres;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import javax.sql.DataSource;

import org.postgresql.ds.PGSimpleDataSource;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.postgresql.PostgreSQLContainer;

/// A migrated database of its own for one test, dropped at its end.
///
/// All tests of a JVM share one server: in a container where a Docker daemon answers, else a [LocalPostgres]. The
/// server ends with the JVM; one whose JVM was killed is stopped by the next run in the same directory.
public final class TestDatabase implements AutoCloseable {
    private static final String TEMPLATE = "migrated";

    private final Server server;
    private final String name;

    /// A fresh database with every migration applied and no rows.
    public static TestDatabase create() {
        Server server = Holder.SERVER;
        String name = "test_" + server.numbers.incrementAndGet();
        execute(
                server.databases.apply("postgres"),
                "CREATE DATABASE " + name + " TEMPLATE " + TEMPLATE);
        return new TestDatabase(server, name);
    }

    private TestDatabase(Server server, String name) {
        this.server = server;
        this.name = name;
    }

    public DataSource dataSource() {
        return server.databases.apply(name);
    }

    /// Puts the database aside as it is now; [#restore] brings this state back.
    public void backUp() {
        endConnections();
        execute(server.databases.apply("postgres"), "DROP DATABASE IF EXISTS " + name + "_kept");
        execute(
                server.databases.apply("postgres"),
                "CREATE DATABASE " + name + "_kept TEMPLATE " + name);
    }

    /// Replaces the database by its backup, as an operator would after losing it.
    public void restore() {
        execute(server.databases.apply("postgres"), "DROP DATABASE " + name + " WITH (FORCE)");
        execute(
                server.databases.apply("postgres"),
                "CREATE DATABASE " + name + " TEMPLATE " + name + "_kept");
    }

    /// Cuts every connection to the database, as a failing server or network would.
    public void endConnections() {
        execute(
                server.databases.apply("postgres"),
                "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = '"
                        + name
                        + "'");
    }

    @Override
    public void close() {
        execute(
                server.databases.apply("postgres"),
                "DROP DATABASE IF EXISTS " + name + "_kept WITH (FORCE)");
        execute(
                server.databases.apply("postgres"),
                "DROP DATABASE IF EXISTS " + name + " WITH (FORCE)");
    }

    private static void execute(DataSource database, String sql) {
        try (var connection = database.getConnection();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    private record Server(Function<String, DataSource> databases, AtomicInteger numbers) {
        static Server start() {
            Server server =
                    DockerClientFactory.instance().isDockerAvailable() ? inContainer() : local();
            execute(server.databases.apply("postgres"), "CREATE DATABASE " + TEMPLATE);
            Schema.migrate(server.databases.apply(TEMPLATE));
            return server;
        }

        private static Server inContainer() {
            var container =
                    new PostgreSQLContainer("postgres:18-alpine")
                            .withCommand(
                                    "postgres", "-c", "fsync=off", "-c", "max_connections=100");
            container.start();
            System.out.println(
                    "TestDatabase: PostgreSQL in a container, "
                            + container.getHost()
                            + ":"
                            + container.getMappedPort(5432));
            return new Server(
                    database -> {
                        var source = new PGSimpleDataSource();
                        source.setServerNames(new String[] {container.getHost()});
                        source.setPortNumbers(new int[] {container.getMappedPort(5432)});
                        source.setDatabaseName(database);
                        source.setUser(container.getUsername());
                        source.setPassword(container.getPassword());
                        return source;
                    },
                    new AtomicInteger());
        }

        private static Server local() {
            Path temporary = Path.of(System.getProperty("java.io.tmpdir")).toAbsolutePath();
            try {
                sweep(temporary);
                Path directory = Files.createTempDirectory(temporary, "test-postgres-");
                var postgres =
                        LocalPostgres.start(
                                directory,
                                temporary.resolve("postgres-software"),
                                LocalPostgres.Flavour.FAST);
                Runtime.getRuntime().addShutdownHook(new Thread(() -> end(postgres, directory)));
                System.out.println(
                        "TestDatabase: PostgreSQL of our own, 127.0.0.1:" + postgres.port());
                return new Server(postgres::dataSource, new AtomicInteger());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /// Stops and removes the servers of test JVMs that were killed.
        private static void sweep(Path temporary) throws IOException {
            List<Path> directories;
            try (var paths = Files.list(temporary)) {
                directories =
                        paths.filter(path ->
                                        path.getFileName().toString().startsWith("test-postgres-"))
                                .toList();
            }
            for (Path directory : directories) {
                if (LocalPostgres.stopAbandoned(
                        directory, temporary.resolve("postgres-software"))) {
                    PostgresSoftware.deleteTree(directory);
                }
            }
        }

        private static void end(LocalPostgres postgres, Path directory) {
            postgres.close();
            try {
                PostgresSoftware.deleteTree(directory);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /// Starts the server when the first test asks for a database.
    private static final class Holder {
        static final Server SERVER = Server.start();
    }
}
