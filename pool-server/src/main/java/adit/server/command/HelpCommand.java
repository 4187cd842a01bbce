package adit.server.command;

import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.Callable;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `adit help`: how a command is written, or a command of a command, as in `adit help trace list`.
@Command(name = "help", description = "Says how a command is written.", helpCommand = true)
public final class HelpCommand implements Callable<Integer> {

    /// What the launcher does before there is a JVM.
    private static final List<String> OF_THE_LAUNCHER = List.of("fuzz", "rehearse", "test");

    @Parameters(paramLabel = "COMMAND", arity = "0..*", description = "the words of the command")
    private List<String> words = List.of();

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        var at = spec.parent().commandLine();
        for (var word : words) {
            var next = at.getSubcommands().get(word);
            if (next == null) {
                throw new ParameterException(at, unknown(word, at));
            }
            at = next;
        }
        at.usage(spec.commandLine().getOut());
        return 0;
    }

    private static String unknown(String word, CommandLine at) {
        boolean isFirst = at.getParent() == null;
        if (isFirst && OF_THE_LAUNCHER.contains(word)) {
            return "What " + word + " takes is a line of adit help itself.";
        }
        var known = new TreeSet<>(at.getSubcommands().keySet());
        if (isFirst) {
            known.addAll(OF_THE_LAUNCHER);
        }
        return "There is no command %s here; there are %s."
                .formatted(word, String.join(", ", known));
    }
}
