package adit.server.command;

import java.nio.file.Path;
import java.util.List;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

import adit.server.config.ConfigFile;
import adit.server.control.ControlClient;

/// The options by which a command finds the pool it speaks to, and the asking. They may stand before the word of a
/// subcommand or behind it.
final class RunningPool {

    /// The exit code where no pool runs.
    static final int NOBODY = 3;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description =
                    "the pool's configuration, for its data directory alone (default: ${DEFAULT-VALUE})",
            defaultValue = "config/pool.toml",
            scope = ScopeType.INHERIT)
    private Path file = Path.of("config/pool.toml");

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description =
                    "the data directory itself, as of a demo; the configuration is not read then",
            scope = ScopeType.INHERIT)
    private @Nullable Path data;

    /// Asks, prints the answer, and gives the exit code: 0 where it was done, 1 where the pool refused.
    int ask(CommandSpec spec, List<String> words) {
        var directory = data != null ? data : ConfigFile.dataDirectory(file);
        var answer = ControlClient.ask(directory, words);
        if (answer.isEmpty()) {
            spec.commandLine()
                    .getErr()
                    .println("adit: No pool runs on " + directory.toAbsolutePath() + ".");
            return NOBODY;
        }
        boolean isDone = answer.get().isDone();
        var out = isDone ? spec.commandLine().getOut() : spec.commandLine().getErr();
        answer.get().lines().forEach(line -> out.println(isDone ? line : "adit: " + line));
        out.flush();
        return isDone ? 0 : 1;
    }
}
