package adit.server.command;

import java.nio.file.Path;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import adit.server.demo.Demo;
import adit.server.demo.DemoSettings;

/// `adit demo`: a whole pool on this machine, until Ctrl-C.
@Command(
        name = "demo",
        description = "Runs a whole pool on this machine, with its own database, chain and miners.",
        mixinStandardHelpOptions = true)
public final class DemoCommand implements Callable<Integer> {

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "where it keeps everything (default: ${DEFAULT-VALUE})",
            defaultValue = "data")
    private Path data = Path.of("data");

    @Option(
            names = "--stratum-port",
            paramLabel = "PORT",
            description = "where miners connect (default: ${DEFAULT-VALUE})",
            defaultValue = "3333")
    private int stratumPort = 3333;

    @Option(
            names = "--web-port",
            paramLabel = "PORT",
            description = "where the status page is (default: ${DEFAULT-VALUE})",
            defaultValue = "8080")
    private int webPort = 8080;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws InterruptedException {
        var settings = new DemoSettings(data.toAbsolutePath(), stratumPort, webPort);
        try (var stop = new StopSignal();
                var demo = new Demo(settings, spec.commandLine().getOut(), stop::ask)) {
            demo.start();
            stop.await();
        }
        return 0;
    }
}
