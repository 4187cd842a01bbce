package adit.server.command;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.function.Consumer;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import adit.node.ChainParameters;
import adit.server.Database;
import adit.server.PoolServer;
import adit.server.config.ConfigFile;
import adit.server.config.PoolConfig;
import adit.server.metrics.EventLog;
import adit.server.takeover.Following;

/// `adit run`: the pool, until it is asked to stop.
@Command(name = "run", description = "Runs the pool.", mixinStandardHelpOptions = true)
public final class RunCommand implements Callable<Integer> {

    /// That another start will not help; `EX_CONFIG` of sysexits.h.
    private static final int CANNOT_GO_ON = 78;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "the configuration (default: ${DEFAULT-VALUE})",
            defaultValue = "config/pool.toml")
    private Path file = Path.of("config/pool.toml");

    @Option(
            names = "--take-over",
            description =
                    "follow the pool that runs on the same data directory, without closing a port")
    private boolean takesOver;

    @Option(
            names = "--over",
            paramLabel = "SECONDS",
            description =
                    "how long that pool may take to let its miners come over, at most 600 (default: ${DEFAULT-VALUE})",
            defaultValue = "120")
    private int seconds = 120;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws InterruptedException {
        long longest = PoolServer.LONGEST_DRAIN.toSeconds();
        if (seconds < 0 || seconds > longest) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--over takes 0 to %d seconds, not %d".formatted(longest, seconds));
        }
        var read = PoolFile.read(file, System.getenv());
        var config = read.config();
        var events = new EventLog();
        ConfigFile.warnings(file).forEach(events::configurationWarning);
        var chain = read.chain();
        if (!takesOver) {
            return run(config, chain, PoolServer::start);
        }
        var data = config.pool().dataDirectory();
        try (var following = Following.begin(data, Duration.ofSeconds(seconds), events)) {
            return run(config, chain, server -> server.start(following));
        }
    }

    private static int run(PoolConfig config, ChainParameters chain, Consumer<PoolServer> start)
            throws InterruptedException {
        try (var stop = new StopSignal();
                var database = Database.connect(config.database());
                var server = new PoolServer(config, chain, database, stop::ask)) {
            start.accept(server);
            stop.await();
            return server.hasFailed() ? CANNOT_GO_ON : 0;
        }
    }
}
