package adit.server.command;

import java.util.List;
import java.util.concurrent.Callable;

import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `adit trace`: writes what goes over chosen wires of the running pool to a file.
@Command(
        name = "trace",
        description = "Writes every line of some miners to a file in the data directory.",
        mixinStandardHelpOptions = true)
public final class TraceCommand implements Callable<Integer> {

    private static final class Whose {
        @Option(
                names = "--worker",
                paramLabel = "NAME",
                description = "a worker, or all of an account",
                required = true)
        private String worker = "";

        @Option(
                names = "--connection",
                paramLabel = "NUMBER",
                description = "one connection, by the number in the journal and in traces",
                required = true)
        private String connection = "";

        @Option(
                names = "--address",
                paramLabel = "IP",
                description = "everybody at this IP address",
                required = true)
        private String address = "";

        boolean isNobody() {
            return worker.isEmpty() && connection.isEmpty() && address.isEmpty();
        }
    }

    @Mixin private RunningPool pool = new RunningPool();

    // Not required of the group: a subcommand needs none of it.
    @ArgGroup(exclusive = true, multiplicity = "0..1")
    private Whose whose = new Whose();

    @Option(
            names = "--for",
            paramLabel = "MINUTES",
            description = "how long, at most 1440 (default: ${DEFAULT-VALUE})",
            defaultValue = "10")
    private int minutes = 10;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        if (whose.isNobody()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "Say whom to trace: --worker, --connection or --address; or list, or stop.");
        }
        var subject =
                !whose.worker.isEmpty()
                        ? List.of("worker", whose.worker)
                        : !whose.connection.isEmpty()
                                ? List.of("connection", whose.connection)
                                : List.of("address", whose.address);
        return pool.ask(
                spec,
                List.of("trace", subject.getFirst(), subject.getLast(), Integer.toString(minutes)));
    }

    @Command(description = "One line a running trace.", mixinStandardHelpOptions = true)
    int list() {
        return pool.ask(spec, List.of("trace", "list"));
    }

    @Command(description = "Ends a trace before its time.", mixinStandardHelpOptions = true)
    int stop(@Parameters(paramLabel = "NUMBER", description = "as in the list") String number) {
        return pool.ask(spec, List.of("trace", "stop", number));
    }
}
