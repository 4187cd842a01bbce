package adit.server.command;

import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import adit.node.ChainParameters;
import adit.server.Database;
import adit.server.PoolServer;
import adit.server.config.ConfigFile;

/// `adit run`: the pool, until it is asked to stop.
@Command(name = "run", description = "Runs the pool.", mixinStandardHelpOptions = true)
public final class RunCommand implements Callable<Integer> {

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "the configuration (default: ${DEFAULT-VALUE})",
            defaultValue = "config/pool.toml")
    private Path file = Path.of("config/pool.toml");

    @Override
    public Integer call() throws InterruptedException {
        var config = ConfigFile.read(file, System.getenv());
        var chain = ChainParameters.of(config.pool().network().name().toLowerCase(Locale.ROOT));
        try (var stop = new StopSignal();
                var database = Database.connect(config.database());
                var server = new PoolServer(config, chain, database)) {
            server.start();
            stop.await();
        }
        return 0;
    }
}
