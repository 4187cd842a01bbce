package adit.server.command;

import java.nio.file.Path;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import adit.ledger.journal.DirectoryStorage;
import adit.ledger.journal.JournalTool;
import adit.ledger.journal.ShareRehash;
import adit.server.channel.ShareAudit;

/// `adit journal`: looks at a share journal from outside; only reads.
@Command(
        name = "journal",
        description = "Describes, verifies and exports a share journal, offline.",
        mixinStandardHelpOptions = true)
public final class JournalCommand {

    private static final String DIRECTORY = "the journal's directory, as in data/journal";

    @Spec private CommandSpec spec = CommandSpec.create();

    @Command(description = "One line a segment.", mixinStandardHelpOptions = true)
    int describe(@Parameters(paramLabel = "DIR", description = DIRECTORY) Path directory) {
        tool(directory).describe(spec.commandLine().getOut());
        spec.commandLine().getOut().flush();
        return 0;
    }

    @Command(
            description = "Checks every record against the format's promises.",
            mixinStandardHelpOptions = true)
    int verify(
            @Parameters(paramLabel = "DIR", description = DIRECTORY) Path directory,
            @Option(
                            names = "--rehash",
                            description = "also hash every share again, to prove its work")
                    boolean rehash) {
        var report = tool(directory).verify(rehash ? new ShareAudit() : ShareRehash.NONE);
        spec.commandLine().getOut().println(report);
        return report.isSound() ? 0 : 1;
    }

    @Command(description = "Every record as a line of JSON.", mixinStandardHelpOptions = true)
    int export(@Parameters(paramLabel = "DIR", description = DIRECTORY) Path directory) {
        tool(directory).export(spec.commandLine().getOut());
        spec.commandLine().getOut().flush();
        return 0;
    }

    private static JournalTool tool(Path directory) {
        return new JournalTool(DirectoryStorage.existing(directory));
    }
}
