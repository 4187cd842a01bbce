package adit.server.command;

import java.util.List;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `adit bans`: who is kept out of the running pool, and letting one in again.
@Command(
        name = "bans",
        description = "Lists the sources that the running pool keeps out.",
        mixinStandardHelpOptions = true)
public final class BansCommand implements Callable<Integer> {

    @Mixin private RunningPool pool = new RunningPool();

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        return list();
    }

    @Command(description = "One line a source that is kept out.", mixinStandardHelpOptions = true)
    int list() {
        return pool.ask(spec, List.of("bans", "list"));
    }

    @Command(
            description = "Lets a source in again and forgets its penalties.",
            mixinStandardHelpOptions = true)
    int lift(
            @Parameters(paramLabel = "ADDRESS", description = "an IP address, or an IPv6 /64")
                    String address) {
        return pool.ask(spec, List.of("bans", "lift", address));
    }
}
