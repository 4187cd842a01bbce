package adit.server.house;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// A machine for the launcher: a copy of the launcher in a tree of its own, a home directory, and JDKs and Mavens
/// that are shell scripts telling how they were called. PATH holds the ordinary commands of this machine and
/// nothing else, so that no JDK, Maven, node or Go of its own is found.
final class FakeMachine {
    private static final long DEADLINE_SECONDS = 30;

    /// What the launcher's scripts call, and what those call.
    private static final List<String> COMMANDS =
            List.of(
                    "awk",
                    "cat",
                    "curl",
                    "cut",
                    "dirname",
                    "find",
                    "gzip",
                    "head",
                    "mkdir",
                    "mktemp",
                    "mv",
                    "paste",
                    "perl",
                    "readlink",
                    "rm",
                    "sed",
                    "sh",
                    "sha256sum",
                    "sha512sum",
                    "shasum",
                    "tar",
                    "touch",
                    "tr",
                    "uname",
                    "wget");

    private final Path directory;
    private final Map<String, String> environment = new HashMap<>();

    FakeMachine(Path directory) {
        this.directory = directory;
        var real = WorkingTree.here().root();
        copy(real.resolve("adit"), house().resolve("adit"));
        try (var scripts = Files.list(real.resolve("scripts"))) {
            scripts.forEach(s -> copy(s, house().resolve("scripts").resolve(s.getFileName())));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        write("house/pom.xml", "<project/>");
        write("house/pool-server/pom.xml", "<project/>");
        write("house/pool-server/src/main/java/Adit.java", "final class Adit {}");
        write("home/.keep", "");
        environment.put("HOME", directory.resolve("home").toString());
        installCommands();
        environment.put("PATH", bin().toString());
        environment.put("ADIT_JDK_PLACES", directory + "/jvm/*");
        environment.put("ADIT_MAVEN_PLACES", directory + "/maven*");
        // A program that exists everywhere stands in for the node and the ACME server, which are
        // not what these tests are about.
        environment.put("ADIT_TEST_NODE", "/bin/sh");
        environment.put("ADIT_TEST_PEBBLE", "/bin/sh");
    }

    private void installCommands() {
        for (var name : COMMANDS) {
            var real = Path.of("/usr/bin", name);
            if (!Files.exists(real)) {
                real = Path.of("/bin", name);
            }
            if (Files.exists(real)) {
                program("bin/" + name, "exec " + real + " \"$@\"");
            }
        }
    }

    void link(Path link, Path target) {
        try {
            Files.createDirectories(bin());
            Files.createSymbolicLink(link, target);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path bin() {
        return directory.resolve("bin");
    }

    Path house() {
        return directory.resolve("house");
    }

    Path cache() {
        return directory.resolve("home/.cache/adit");
    }

    FakeMachine with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    /// Installs a JDK of some feature release; its `java` prints its own release and its arguments.
    Path installJdk(String path, int release) {
        write(path + "/release", "IMPLEMENTOR=\"nobody\"\nJAVA_VERSION=\"" + release + ".0.1\"\n");
        program(path + "/bin/java", "echo java " + release + " \"$@\"");
        program(path + "/bin/javac", "exit 0");
        return directory.resolve(path);
    }

    /// Installs a Maven that packages by making the directory of libraries, and then does what `more` says.
    Path installMaven(String path, String release, String more) {
        program(
                path + "/bin/mvn",
                """
                [ "$1" != --version ] || { echo 'Apache Maven %s (fake)'; exit 0; }
                echo "$JAVA_HOME $*" >>'%s/maven-calls'
                echo '[INFO] Building pool-server 0.1.0-SNAPSHOT                     [7/8]'
                mkdir -p '%s/pool-server/target/lib'
                %s
                """
                        .formatted(release, directory, house(), more));
        return directory.resolve(path);
    }

    Path program(String path, String text) {
        var file = write(path, "#!/bin/sh\n" + text + "\n");
        try {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return file;
    }

    Path write(String path, String text) {
        try {
            var file = directory.resolve(path);
            Files.createDirectories(file.getParent());
            return Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String mavenCalls() {
        var calls = directory.resolve("maven-calls");
        return Files.exists(calls) ? WorkingTree.read(calls) : "";
    }

    /// Packs a directory like the makers do: one directory at the top of the archive.
    byte[] packed(Path home) {
        run(
                "tar",
                "-czf",
                "packed.tar.gz",
                "-C",
                home.resolve("..").toString(),
                home.getFileName().toString());
        try {
            return Files.readAllBytes(directory.resolve("packed.tar.gz"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Ended adit(String... arguments) {
        var command = new String[arguments.length + 1];
        command[0] = house().resolve("adit").toString();
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        return run(command);
    }

    /// Runs a command without a terminal and waits for its end.
    private Ended run(String... command) {
        try {
            var builder =
                    new ProcessBuilder(command)
                            .directory(directory.toFile())
                            .redirectInput(
                                    ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                            .redirectOutput(directory.resolve("stdout").toFile())
                            .redirectError(directory.resolve("stderr").toFile());
            builder.environment().clear();
            builder.environment().putAll(environment);
            var process = builder.start();
            if (!process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IllegalStateException("still running: " + String.join(" ", command));
            }
            return new Ended(
                    process.exitValue(),
                    WorkingTree.read(directory.resolve("stdout")),
                    WorkingTree.read(directory.resolve("stderr")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static void copy(Path from, Path to) {
        try {
            Files.createDirectories(to.getParent());
            Files.copy(from, to, StandardCopyOption.COPY_ATTRIBUTES);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// How a command ended and what it said.
    record Ended(int status, String out, String err) {}
}
