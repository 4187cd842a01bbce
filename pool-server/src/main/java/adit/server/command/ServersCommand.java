package adit.server.command;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.concurrent.Callable;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import adit.ledger.postgres.JournalCursors;
import adit.ledger.postgres.OperatorActions;

/// `adit servers`: how far each server's journal is in the database, and what a person decides about one.
@Command(
        name = "servers",
        description = "Shows how far each server's shares are in the database.",
        mixinStandardHelpOptions = true)
public final class ServersCommand implements Callable<Integer> {

    private static final String ID = "the server's id, as in its configuration";

    @Mixin private PoolDatabase database = new PoolDatabase();

    @Spec private CommandSpec spec = CommandSpec.create();

    private interface Decision {
        String make(OperatorActions actions) throws SQLException;
    }

    @Override
    public Integer call() throws SQLException {
        return database.with(
                spec,
                connection -> {
                    for (var server : JournalCursors.servers(connection)) {
                        spec.commandLine().getOut().println(line(server));
                    }
                    return 0;
                });
    }

    @Command(
            description = "Settlement waits no longer for a server that will not come back.",
            mixinStandardHelpOptions = true)
    int lost(@Parameters(paramLabel = "ID", description = ID) int server) throws SQLException {
        return decide(actions -> actions.declareLost(server));
    }

    @Command(
            description = "Takes that back. A server that stores something is back by itself.",
            mixinStandardHelpOptions = true)
    int found(@Parameters(paramLabel = "ID", description = ID) int server) throws SQLException {
        return decide(actions -> actions.declareFound(server));
    }

    @Command(
            description = "Gives up records that are in neither the database nor the journal.",
            mixinStandardHelpOptions = true)
    int skip(
            @Parameters(paramLabel = "ID", description = ID) int server,
            @Option(
                            names = "--epoch",
                            required = true,
                            paramLabel = "E",
                            description = "whose records they are")
                    int epoch,
            @Option(
                            names = "--to",
                            paramLabel = "N",
                            description =
                                    "the first record that is there again; without it all the rest of the epoch is given up")
                    @Nullable Long sequence)
            throws SQLException {
        return decide(actions ->
                sequence == null
                        ? actions.skipRest(server, epoch)
                        : actions.skipTo(server, epoch, sequence));
    }

    private int decide(Decision decision) throws SQLException {
        return database.with(spec, connection -> decide(connection, decision));
    }

    private int decide(Connection connection, Decision decision) throws SQLException {
        var actions =
                new OperatorActions(connection, System.getProperty("user.name"), Instant.now());
        try {
            spec.commandLine().getOut().println(decision.make(actions));
            return 0;
        } catch (OperatorActions.Refused refused) {
            spec.commandLine().getErr().println("adit: " + refused.getMessage());
            return 1;
        }
    }

    private static String line(JournalCursors.Server server) {
        var line = new StringBuilder("server ").append(server.id()).append(": ");
        server.heardOf()
                .ifPresentOrElse(
                        time -> line.append("stored up to ").append(time),
                        () -> line.append("nothing stored"));
        for (var cursor : server.cursors()) {
            line.append(cursor.isOver() ? "; ended epoch " : "; epoch ")
                    .append(cursor.epoch())
                    .append(" at record ")
                    .append(cursor.nextSequence() - 1);
        }
        if (server.isLost()) {
            line.append("; declared lost at ").append(server.lostAt());
        }
        return line.toString();
    }
}
