package adit.server.command;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

import adit.server.Database;
import adit.server.config.ConfigFile;

/// The option by which a command finds the pool's database, and the work on a connection of it. The pool may run or not.
final class PoolDatabase {

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "the pool's configuration, for its database (default: ${DEFAULT-VALUE})",
            defaultValue = "config/pool.toml")
    private Path file = Path.of("config/pool.toml");

    interface Work {
        /// Does it, and gives the exit code.
        int on(Connection connection) throws SQLException;
    }

    /// Does the work on a connection that is then closed.
    int with(CommandSpec spec, Work work) throws SQLException {
        var config = ConfigFile.read(file, System.getenv());
        try (var database = Database.connect(config.database());
                var connection = database.connections().getConnection()) {
            return work.on(connection);
        } finally {
            spec.commandLine().getOut().flush();
        }
    }
}
