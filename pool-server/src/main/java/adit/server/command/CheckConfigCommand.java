package adit.server.command;

import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import adit.server.config.ConfigFile;
import adit.server.net.Certificates;

/// `adit check-config`: reads the configuration as a start would, and starts nothing.
@Command(
        name = "check-config",
        description = "Reads the configuration and says what is wrong with it.",
        mixinStandardHelpOptions = true)
public final class CheckConfigCommand implements Callable<Integer> {

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "the configuration (default: ${DEFAULT-VALUE})",
            defaultValue = "config/pool.toml")
    private Path file = Path.of("config/pool.toml");

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        var read = PoolFile.read(file, System.getenv());
        Certificates.check(read.config().certificate(), Instant.now());
        for (var warning : ConfigFile.warnings(file)) {
            spec.commandLine().getErr().println("adit: warning: " + warning);
        }
        spec.commandLine().getOut().println(file + " is good.");
        return 0;
    }
}
