package adit.ledger.postgres;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// How a program of PostgreSQL is run, given that it refuses to run as root.
///
/// An ordinary user runs it as it is. Root runs it in a user namespace of its own, where nobody is root while files
/// keep their owner; where the kernel forbids that, as an unprivileged system user, who is then made the owner of the
/// server's directory.
record ServerCommand(List<String> prefix, String owner) {
    private static final long TIMEOUT_SECONDS = 120;
    private static final List<String> SYSTEM_USERS = List.of("postgres", "nobody");

    /// What a program said and how it ended.
    record Outcome(int exitCode, String output) {
        boolean isSuccess() {
            return exitCode == 0;
        }
    }

    static ServerCommand forThisProcess(Path directory) {
        if (!"root".equals(System.getProperty("user.name"))) {
            return new ServerCommand(List.of(), "");
        }
        var namespace = inUserNamespace();
        if (namespace.canRun(List.of("true"))) {
            return namespace;
        }
        for (String user : SYSTEM_USERS) {
            var command = asSystemUser(user);
            if (command.canRun(
                    List.of(
                            "test",
                            "-x",
                            directory.toAbsolutePath().resolveSibling(".").toString()))) {
                return command;
            }
        }
        throw new LocalPostgresUnavailable(
                "PostgreSQL refuses to run as root, user namespaces are blocked here and no"
                        + " unprivileged user can reach "
                        + directory
                        + ": run Adit as an ordinary user, or name a PostgreSQL"
                        + " server in its configuration");
    }

    static ServerCommand inUserNamespace() {
        return new ServerCommand(List.of("unshare", "-U", "--"), "");
    }

    static ServerCommand asSystemUser(String user) {
        var plain = new ServerCommand(List.of(), "");
        String group =
                plain.canRun(List.of("id", "-g", user))
                        ? plain.run(List.of("id", "-g", user)).output().strip()
                        : user;
        return new ServerCommand(
                List.of("setpriv", "--reuid", user, "--regid", group, "--clear-groups", "--"),
                user);
    }

    /// Runs a program to its end with a clean environment, so that nobody's `PGDATA` or `PGPORT` leads it astray.
    Outcome run(List<String> program) {
        var command = new ArrayList<>(prefix);
        command.addAll(program);
        try {
            // A file, not a pipe: a server that outlives its launcher would hold a pipe open for
            // ever.
            Path output = Files.createTempFile("adit-postgres-", ".out");
            try {
                return run(command, output);
            } finally {
                Files.delete(output);
            }
        } catch (IOException e) {
            throw new LocalPostgresUnavailable(
                    "cannot run " + command.getFirst() + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LocalPostgresUnavailable(
                    "interrupted while running " + program.getFirst(), e);
        }
    }

    private static Outcome run(List<String> command, Path output)
            throws IOException, InterruptedException {
        var builder =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectInput(new File("/dev/null"))
                        .redirectOutput(output.toFile());
        builder.environment()
                .keySet()
                .removeIf(name -> name.startsWith("PG") || name.startsWith("LC_"));
        builder.environment().put("LC_ALL", "C");
        Process process = builder.start();
        if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new LocalPostgresUnavailable(
                    command.getLast() + " did not end within " + TIMEOUT_SECONDS + " seconds");
        }
        return new Outcome(process.exitValue(), Files.readString(output, StandardCharsets.UTF_8));
    }

    private boolean canRun(List<String> program) {
        try {
            return run(program).isSuccess();
        } catch (LocalPostgresUnavailable e) {
            return false;
        }
    }
}
