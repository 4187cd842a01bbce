package adit.server;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

import adit.server.command.BansCommand;
import adit.server.command.BenchCommand;
import adit.server.command.CheckConfigCommand;
import adit.server.command.DemoCommand;
import adit.server.command.DrainCommand;
import adit.server.command.HelpCommand;
import adit.server.command.JournalCommand;
import adit.server.command.LedgerCommand;
import adit.server.command.MinerCommand;
import adit.server.command.ReloadCommand;
import adit.server.command.RunCommand;
import adit.server.command.ServersCommand;
import adit.server.command.TraceCommand;
import adit.server.command.VersionCommand;

/// The command line. Whatever stops a command is one line on standard error and a non-zero exit.
@Command(
        name = "adit",
        description = "A Bitcoin mining-pool server.",
        mixinStandardHelpOptions = true,
        subcommands = {
            RunCommand.class,
            ReloadCommand.class,
            DemoCommand.class,
            CheckConfigCommand.class,
            DrainCommand.class,
            JournalCommand.class,
            LedgerCommand.class,
            ServersCommand.class,
            MinerCommand.class,
            BenchCommand.class,
            TraceCommand.class,
            BansCommand.class,
            VersionCommand.class,
            HelpCommand.class
        })
public final class Adit {

    private Adit() {}

    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        return new CommandLine(new Adit())
                .setParameterExceptionHandler((wrong, _) -> oneLine(wrong))
                .setExecutionExceptionHandler((failure, command, _) -> oneLine(failure, command));
    }

    private static int oneLine(ParameterException wrong) {
        var command = wrong.getCommandLine();
        boolean isCommandItself = command.getParent() == null;
        var what =
                isCommandItself && wrong instanceof UnmatchedArgumentException unmatched
                        ? "There is no command " + unmatched.getUnmatched().getFirst()
                        : String.valueOf(wrong.getMessage()).replaceFirst("\\.$", "");
        var help = command.getCommandSpec().qualifiedName().replaceFirst("^adit", "adit help");
        command.getErr().println("adit: " + what + ". See " + help + ".");
        return command.getCommandSpec().exitCodeOnInvalidInput();
    }

    private static int oneLine(Exception failure, CommandLine command) {
        var message = failure.getMessage();
        command.getErr().println("adit: " + (message == null ? failure.toString() : message));
        return 1;
    }
}
