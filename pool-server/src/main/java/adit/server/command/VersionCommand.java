package adit.server.command;

import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

import adit.server.Version;

/// `adit version`.
@Command(name = "version", description = "Says what this is.", mixinStandardHelpOptions = true)
public final class VersionCommand implements Callable<Integer> {

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        spec.commandLine()
                .getOut()
                .printf("Adit %s on Java %s%n", Version.current(), Runtime.version());
        return 0;
    }
}
