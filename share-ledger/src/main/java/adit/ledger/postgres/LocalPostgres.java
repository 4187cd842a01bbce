package adit.ledger.postgres;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;

import org.postgresql.ds.PGSimpleDataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A PostgreSQL server of our own, from the binaries on the class path, whose database outlives the process.
///
/// ```
/// directory/            0700
///   lock                held while this object lives: one owner at a time
///   password            0600, random, scram-sha-256
///   port                chosen free at the first start and kept while it stays free
///   start.log           what the server said before its own log began
///   postgres-<digest>/  the programs
///   data/               the cluster, with checksums; its own log is a ring of seven files in data/log
/// ```
/// It listens on 127.0.0.1 only and has no Unix socket. A server that outlived a crash of its owner is stopped before
/// a new one is started, so nobody ever meets a server with unknown settings.
///
/// **Owner:** whoever started it; [#close] stops the server and waits for it.
public final class LocalPostgres implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(LocalPostgres.class);
    private static final String USER = "adit";
    private static final String DATABASE = "adit";
    private static final int PORT_ATTEMPTS = 3;

    /// What the server does for a commit. FAST forgets the newest commits when the machine fails: tests only.
    enum Flavour {
        DURABLE(
                """
                fsync = on
                full_page_writes = on
                synchronous_commit = on
                shared_buffers = 256MB
                max_wal_size = 4GB
                max_connections = 60
                """),
        FAST(
                """
                fsync = off
                full_page_writes = off
                synchronous_commit = off
                wal_level = minimal
                max_wal_senders = 0
                shared_buffers = 64MB
                max_wal_size = 1GB
                max_connections = 100
                """);

        private final String settings;

        Flavour(String settings) {
            this.settings = settings;
        }
    }

    private static final String COMMON_SETTINGS =
            """
            listen_addresses = '127.0.0.1'
            unix_socket_directories = ''
            password_encryption = 'scram-sha-256'
            timezone = 'UTC'
            log_timezone = 'UTC'
            logging_collector = on
            log_directory = 'log'
            log_filename = 'postgresql-%a.log'
            log_rotation_age = 1d
            log_rotation_size = 0
            log_truncate_on_rotation = on
            jit = off
            max_parallel_workers_per_gather = 0
            """;

    private final Path directory;
    private final PostgresSoftware software;
    private final Flavour flavour;
    private final ServerCommand command;
    private final FileChannel lock;
    private final String password;
    private int port;

    /// Starts the server of this directory, creating both where they are missing; returns when it takes connections.
    public static LocalPostgres start(Path directory) {
        return start(directory, directory, Flavour.DURABLE);
    }

    static LocalPostgres start(Path directory, Path softwareParent, Flavour flavour) {
        return start(directory, softwareParent, flavour, ServerCommand.forThisProcess(directory));
    }

    static LocalPostgres start(
            Path directory, Path softwareParent, Flavour flavour, ServerCommand command) {
        Path absolute = directory.toAbsolutePath();
        try {
            Files.createDirectories(absolute);
            Files.setPosixFilePermissions(absolute, PosixFilePermissions.fromString("rwx------"));
            FileChannel lock = lock(absolute);
            try {
                var software = PostgresSoftware.below(softwareParent.toAbsolutePath());
                var postgres = new LocalPostgres(absolute, software, flavour, command, lock);
                postgres.start();
                return postgres;
            } catch (IOException | RuntimeException e) {
                lock.close();
                throw e;
            }
        } catch (IOException e) {
            throw new LocalPostgresUnavailable(
                    "cannot use " + absolute + " for PostgreSQL: " + e.getMessage(), e);
        }
    }

    /// Connections to the database that another process runs in this directory; empty where none does.
    public static Optional<DataSource> running(Path directory) {
        if (!Files.exists(directory.resolve("data").resolve("postmaster.pid"))) {
            return Optional.empty();
        }
        try {
            int port = Integer.parseInt(Files.readString(directory.resolve("port")).strip());
            var password = Files.readString(directory.resolve("password")).strip();
            return Optional.of(dataSource(port, password, DATABASE));
        } catch (IOException e) {
            throw new LocalPostgresUnavailable(
                    "cannot read what is needed to connect to PostgreSQL in " + directory, e);
        }
    }

    /// Stops what a killed process left running in a directory and says whether nobody uses it now.
    static boolean stopAbandoned(Path directory, Path softwareParent) throws IOException {
        Path absolute = directory.toAbsolutePath();
        FileChannel lock;
        try {
            lock = lock(absolute);
        } catch (LocalPostgresUnavailable e) {
            log.debug("{} is in use", directory);
            return false;
        }
        try (lock) {
            var software = PostgresSoftware.below(softwareParent.toAbsolutePath());
            var command = ServerCommand.forThisProcess(absolute);
            new LocalPostgres(absolute, software, Flavour.FAST, command, lock).stopOrphan();
            return true;
        }
    }

    private LocalPostgres(
            Path directory,
            PostgresSoftware software,
            Flavour flavour,
            ServerCommand command,
            FileChannel lock)
            throws IOException {
        this.directory = directory;
        this.software = software;
        this.flavour = flavour;
        this.command = command;
        this.lock = lock;
        this.password = passwordIn(directory.resolve("password"));
    }

    public int port() {
        return port;
    }

    /// Connections to the pool's database, one new connection each time: put a pool before it.
    public DataSource dataSource() {
        return dataSource(DATABASE);
    }

    DataSource dataSource(String database) {
        return dataSource(port, password, database);
    }

    private static DataSource dataSource(int port, String password, String database) {
        var source = new PGSimpleDataSource();
        source.setServerNames(new String[] {"127.0.0.1"});
        source.setPortNumbers(new int[] {port});
        source.setDatabaseName(database);
        source.setUser(USER);
        source.setPassword(password);
        return source;
    }

    /// Stops the server after ending every connection; what was committed is there at the next start.
    @Override
    public void close() {
        try (lock) {
            stop();
        } catch (IOException e) {
            throw new LocalPostgresUnavailable("cannot release " + directory, e);
        }
    }

    private static FileChannel lock(Path directory) throws IOException {
        FileChannel channel =
                FileChannel.open(
                        directory.resolve("lock"),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE);
        FileLock lock = null;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException e) {
            log.debug("this process already runs the server in {}", directory);
        }
        if (lock == null) {
            channel.close();
            throw new LocalPostgresUnavailable(
                    "another process runs the PostgreSQL server in " + directory);
        }
        return channel;
    }

    private static String passwordIn(Path file) throws IOException {
        if (!Files.exists(file)) {
            byte[] random = new byte[24];
            new SecureRandom().nextBytes(random);
            Path unfinished = file.resolveSibling("password.new");
            Files.deleteIfExists(unfinished);
            Files.createFile(
                    unfinished,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rw-------")));
            Files.writeString(unfinished, HexFormat.of().formatHex(random));
            Files.move(unfinished, file);
        }
        return Files.readString(file).strip();
    }

    private void start() throws IOException {
        Path data = data();
        if (!Files.exists(data.resolve("adit.conf"))) {
            create(data);
        }
        giveToOwner();
        stopOrphan();
        for (int attempt = 1; ; attempt++) {
            port = choosePort();
            Files.writeString(
                    data.resolve("adit.conf"),
                    COMMON_SETTINGS + flavour.settings + "port = " + port + "\n");
            Path startLog = directory.resolve("start.log");
            Files.deleteIfExists(startLog);
            var outcome = pgCtl("start", "-w", "-t", "60", "-l", startLog.toString());
            if (outcome.isSuccess()) {
                break;
            }
            String said = Files.exists(startLog) ? Files.readString(startLog) : outcome.output();
            boolean portWasTaken = said.contains("Address already in use");
            if (!portWasTaken || attempt == PORT_ATTEMPTS) {
                throw new LocalPostgresUnavailable(
                        "PostgreSQL did not start in " + directory + ": " + said.strip());
            }
            Files.deleteIfExists(directory.resolve("port"));
        }
        createDatabase();
    }

    private Path data() {
        return directory.resolve("data");
    }

    /// Creates the cluster beside its final place, so that a crash half-way leaves nothing that looks like one.
    private void create(Path data) throws IOException {
        if (Files.exists(data)) {
            throw new LocalPostgresUnavailable(
                    data + " holds a PostgreSQL cluster that Adit did not create");
        }
        Path unfinished = directory.resolve("data.new");
        PostgresSoftware.deleteTree(unfinished);
        giveToOwner();
        var outcome =
                command.run(
                        List.of(
                                software.program("initdb").toString(),
                                "--pgdata=" + unfinished,
                                "--username=" + USER,
                                "--pwfile=" + directory.resolve("password"),
                                "--auth=scram-sha-256",
                                "--encoding=UTF8",
                                "--locale-provider=builtin",
                                "--builtin-locale=C.UTF-8",
                                "--locale=C",
                                "--data-checksums",
                                flavour == Flavour.FAST ? "--no-sync" : "--sync-method=fsync"));
        if (!outcome.isSuccess()) {
            throw new LocalPostgresUnavailable(
                    "PostgreSQL could not create its files in "
                            + unfinished
                            + ": "
                            + outcome.output().strip());
        }
        Files.writeString(
                unfinished.resolve("postgresql.conf"),
                "\ninclude 'adit.conf'\n",
                StandardOpenOption.APPEND);
        Files.writeString(unfinished.resolve("adit.conf"), COMMON_SETTINGS);
        Files.move(unfinished, data);
    }

    /// Everything below the directory belongs to whoever runs the server.
    private void giveToOwner() throws IOException {
        if (command.owner().isEmpty()) {
            return;
        }
        var owner =
                directory
                        .getFileSystem()
                        .getUserPrincipalLookupService()
                        .lookupPrincipalByName(command.owner());
        try (var paths = Files.walk(directory)) {
            for (Path path : paths.filter(path -> !Files.isSymbolicLink(path)).toList()) {
                Files.setOwner(path, owner);
            }
        }
    }

    /// Stops the server that a crashed owner left behind, told from an unrelated process with the same number by its
    /// working directory, which for a PostgreSQL server is its data directory.
    private void stopOrphan() throws IOException {
        Path pidFile = data().resolve("postmaster.pid");
        if (!Files.exists(pidFile)) {
            return;
        }
        String pid = Files.readString(pidFile).lines().findFirst().orElse("").strip();
        Path process = Path.of("/proc", pid.isEmpty() ? "0" : pid);
        if (!Files.exists(process)) {
            return;
        }
        Path workingDirectory = Files.readSymbolicLink(process.resolve("cwd"));
        if (workingDirectory.equals(data().toRealPath())) {
            log.info(
                    "stopping the PostgreSQL server {} that a crash left running in {}",
                    pid,
                    directory);
            stop();
        } else {
            // The number was given to another program since; PostgreSQL itself could not tell and
            // would not start.
            Files.delete(pidFile);
        }
    }

    private void stop() {
        var fast = pgCtl("stop", "-m", "fast", "-w", "-t", "60");
        if (fast.isSuccess() || !Files.exists(data().resolve("postmaster.pid"))) {
            return;
        }
        log.warn(
                "PostgreSQL did not stop in time and is stopped at once: {}",
                fast.output().strip());
        pgCtl("stop", "-m", "immediate", "-w", "-t", "30");
    }

    private ServerCommand.Outcome pgCtl(String... arguments) {
        var program =
                new ArrayList<>(
                        List.of(software.program("pg_ctl").toString(), "-D", data().toString()));
        program.addAll(List.of(arguments));
        return command.run(program);
    }

    private int choosePort() throws IOException {
        Path file = directory.resolve("port");
        if (Files.exists(file)) {
            int kept = Integer.parseInt(Files.readString(file).strip());
            if (isFree(kept)) {
                return kept;
            }
            log.info(
                    "port {} of the PostgreSQL server in {} is taken, choosing another",
                    kept,
                    directory);
        }
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Files.writeString(file, socket.getLocalPort() + "\n");
            return socket.getLocalPort();
        }
    }

    private static boolean isFree(int port) {
        try (var socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private void createDatabase() {
        try (var connection = dataSource("postgres").getConnection();
                var statement = connection.createStatement()) {
            boolean exists;
            try (var rows =
                    statement.executeQuery(
                            "SELECT 1 FROM pg_database WHERE datname = '" + DATABASE + "'")) {
                exists = rows.next();
            }
            if (!exists) {
                statement.execute("CREATE DATABASE " + DATABASE);
            }
        } catch (SQLException e) {
            stop();
            throw new LocalPostgresUnavailable(
                    "PostgreSQL started in " + directory + " but refuses us", e);
        }
    }
}
