package adit.server.command;

import java.util.List;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `adit reload`: the running pool reads again what it can without a restart.
@Command(
        name = "reload",
        description = "Has the running pool read its firmware book and its TLS certificate again.",
        mixinStandardHelpOptions = true)
public final class ReloadCommand implements Callable<Integer> {

    @Mixin private RunningPool pool = new RunningPool();

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        return pool.ask(spec, List.of("reload"));
    }
}
