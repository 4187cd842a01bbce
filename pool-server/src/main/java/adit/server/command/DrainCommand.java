package adit.server.command;

import java.util.List;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `adit drain`: the running pool takes no new connections, lets its miners go, and stops.
@Command(
        name = "drain",
        description = "Lets the running pool's miners go over some time, then stops it.",
        mixinStandardHelpOptions = true)
public final class DrainCommand implements Callable<Integer> {

    @Mixin private RunningPool pool = new RunningPool();

    @Option(
            names = "--over",
            paramLabel = "SECONDS",
            description = "how long that may take, at most 600 (default: ${DEFAULT-VALUE})",
            defaultValue = "120")
    private int seconds = 120;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        return pool.ask(spec, List.of("drain", Integer.toString(seconds)));
    }
}
