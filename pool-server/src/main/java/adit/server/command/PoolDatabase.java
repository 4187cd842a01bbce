package adit.server.command;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

import adit.server.Database;
import adit.server.config.ConfigFile;
import adit.server.demo.Demo;

/// The option by which a command finds the pool's database, and the work on a connection of it. The pool may run or not.
/// The option may stand before the word of a subcommand or behind it.
final class PoolDatabase {

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "the pool's configuration, for its database (default: ${DEFAULT-VALUE})",
            defaultValue = "config/pool.toml",
            scope = ScopeType.INHERIT)
    private Path file = Path.of("config/pool.toml");

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description =
                    "the data directory of a demo, for the database that runs there; the configuration is not read then",
            scope = ScopeType.INHERIT)
    private @Nullable Path data;

    interface Work {
        /// Does it, and gives the exit code.
        int on(Connection connection) throws SQLException;
    }

    /// Does the work on a connection that is then closed.
    int with(CommandSpec spec, Work work) throws SQLException {
        try (var database = data == null ? configured() : Demo.database(data);
                var connection = database.connections().getConnection()) {
            return work.on(connection);
        } finally {
            spec.commandLine().getOut().flush();
        }
    }

    private Database configured() {
        return Database.connect(ConfigFile.read(file, System.getenv()).database());
    }
}
