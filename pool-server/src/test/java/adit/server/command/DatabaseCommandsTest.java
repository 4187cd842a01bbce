package adit.server.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;
import picocli.CommandLine;

import adit.ledger.postgres.FakeShareSource;
import adit.ledger.postgres.ShareProjector;
import adit.ledger.postgres.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;

/// What an operator types, against a real database.
final class DatabaseCommandsTest {

    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    @TempDir private Path directory;
    private final TestDatabase database = TestDatabase.create();
    private final FakeShareSource journal = new FakeShareSource(3).at(NOON).beginEpoch();
    private final StringWriter said = new StringWriter();
    private Path config;

    @BeforeEach
    void writeConfiguration() throws IOException {
        project();
        var source = (PGSimpleDataSource) database.dataSource();
        var password = directory.resolve("password");
        Files.writeString(password, String.valueOf(source.getPassword()));
        config = directory.resolve("pool.toml");
        Files.writeString(
                config,
                """
                [pool]
                network = "regtest"
                payout-address = "bcrt1q39wfsc85c6hdj2pp6dywfk583ddmax7085gd9g"
                [[listener]]
                name = "miners"
                port = 3333
                [database]
                url = "%s"
                user = "%s"
                password-file = "%s"
                [[node]]
                name = "node"
                url = "http://127.0.0.1:1/"
                user = "u"
                password-file = "%s"
                """
                        .formatted(source.getURL(), source.getUser(), password, password));
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void listsServersAndDeclaresOneLost() throws Exception {
        assertThat(servers()).isZero();
        assertSaid("server 3: stored up to 2026-01-01T12:00:00Z; epoch 1 at record 1");

        assertThat(servers("lost", "3")).isZero();
        assertSaid("Server 3 is lost: settlement does not wait for what it took after");
        assertThat(servers()).isZero();
        assertSaid("; declared lost at ");
        assertThat(servers("lost", "3")).isEqualTo(1);
        assertSaid("adit: Server 3 is declared lost since ");

        assertThat(servers("found", "3")).isZero();
        assertSaid("Server 3 is not lost: settlement waits for it.");
        assertThat(trail()).isEqualTo("2 " + System.getProperty("user.name"));
    }

    @Test
    void givesUpRecordsThatAreGone() {
        journal.tip().tip().keepFrom(1, 3);

        assertThat(servers("skip", "3", "--epoch", "1", "--to", "3")).isZero();
        assertSaid("Records 2 to 2 of epoch 1 of server 3 are given up; record 3 is stored next.");
        project();
        assertThat(servers("skip", "3", "--epoch", "1")).isZero();
        assertSaid("All records from 4 on of epoch 1 of server 3 are given up.");
        assertThat(servers()).isZero();
        assertSaid("; ended epoch 1 at record 3");
    }

    @Test
    void auditsTheBooks() throws Exception {
        assertThat(run(new LedgerCommand(), "audit", "--config", config.toString())).isZero();
        assertSaid("sound");

        try (var connection = database.dataSource().getConnection();
                var statement = connection.createStatement()) {
            statement.execute("ALTER TABLE pool.ledger_head DISABLE TRIGGER ALL");
            statement.execute("UPDATE pool.ledger_head SET id = 5");
        }
        assertThat(run(new LedgerCommand(), "audit", "--config", config.toString())).isEqualTo(1);
        assertSaid("the head of the books is not transaction 0");
        assertSaid("not sound");
    }

    @Test
    void findsTheDatabaseByAnOptionBeforeOrBehindASubcommand() {
        var file = config.toString();
        assertThat(run(new LedgerCommand(), "--config", file, "audit")).isZero();
        assertSaid("sound");
        assertThat(run(new ServersCommand(), "--config", file, "lost", "3")).isZero();
        assertSaid("Server 3 is lost");
        assertThat(run(new ServersCommand(), "found", "--config", file, "3")).isZero();
        assertSaid("Server 3 is not lost");
    }

    @Test
    void saysThatNoDemoRunsWhereItsDatabaseIsAsked() {
        assertThat(run(new LedgerCommand(), "audit", "--data", directory.toString())).isEqualTo(1);
        assertSaid("No demo runs on %s, and its database runs with it alone.".formatted(directory));
        assertThat(run(new ServersCommand(), "--data", directory.toString(), "lost", "3"))
                .isEqualTo(1);
        assertSaid("No demo runs on ");
    }

    private int servers(String... words) {
        var arguments = new String[words.length + 2];
        System.arraycopy(words, 0, arguments, 0, words.length);
        arguments[words.length] = "--config";
        arguments[words.length + 1] = config.toString();
        return run(new ServersCommand(), arguments);
    }

    private int run(Object command, String... arguments) {
        said.getBuffer().setLength(0);
        var out = new PrintWriter(said);
        int status = new CommandLine(command).setOut(out).setErr(out).execute(arguments);
        out.flush();
        System.out.print(said);
        return status;
    }

    private void assertSaid(String part) {
        assertThat(said.toString()).contains(part);
    }

    private void project() {
        var projector = new ShareProjector(database.dataSource(), journal, 100, _ -> {});
        while (projector.runOnce() > 0) {
            assertThat(projector.status().trouble()).isEmpty();
        }
    }

    private String trail() throws SQLException {
        try (var connection = database.dataSource().getConnection();
                var statement = connection.createStatement();
                var rows =
                        statement.executeQuery(
                                "SELECT count(*) || ' ' || min(who) FROM pool.operator_action")) {
            rows.next();
            return rows.getString(1);
        }
    }
}
