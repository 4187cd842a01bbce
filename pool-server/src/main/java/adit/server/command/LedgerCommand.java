package adit.server.command;

import java.sql.SQLException;
import java.util.ArrayList;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

import adit.ledger.postgres.LedgerAudit;

/// `adit ledger`: looks at the books from outside; only reads.
@Command(
        name = "ledger",
        description = "Audits the books and the work in the database.",
        mixinStandardHelpOptions = true)
public final class LedgerCommand {

    @Mixin private PoolDatabase database = new PoolDatabase();

    @Spec private CommandSpec spec = CommandSpec.create();

    @Command(
            description =
                    "Recomputes the hash chain, every balance and every sum of work; one line for what does not hold.",
            mixinStandardHelpOptions = true)
    int audit() throws SQLException {
        return database.with(
                spec,
                connection -> {
                    var findings = new ArrayList<>(LedgerAudit.books(connection));
                    findings.addAll(LedgerAudit.slices(connection));
                    var out = spec.commandLine().getOut();
                    findings.forEach(out::println);
                    out.println(findings.isEmpty() ? "sound" : "not sound");
                    return findings.isEmpty() ? 0 : 1;
                });
    }
}
