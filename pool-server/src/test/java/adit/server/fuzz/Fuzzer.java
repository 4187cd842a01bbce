package adit.server.fuzz;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `adit fuzz`: feeds the targets with what Jazzer makes of their corpora, each in a process of its own.
///
/// An input that breaks a target is left in `target/fuzz`. So are inputs that reached new code, and the next run begins
/// with them.
@Command(
        name = "fuzz",
        description = "Feeds decoder, session and configuration parser with what Jazzer invents.",
        mixinStandardHelpOptions = true)
final class Fuzzer implements Callable<Integer> {

    static final List<String> TARGETS = List.of("LineTarget", "SessionTarget", "ConfigTarget");

    /// What an input that is never done with is told by, and how long a process may take to begin and end.
    private static final int INPUT_SECONDS = 20;

    private static final int BESIDE_SECONDS = 120;
    private static final Path DIRECTORY = Path.of("target", "fuzz");

    /// After so many inputs or so many seconds the fuzzer ends, whichever comes first. The seconds count from the
    /// beginning of its process, which on a busy machine takes long.
    record Effort(int runs, int seconds) {}

    private static final int NO_END = -1;

    @Parameters(
            paramLabel = "TARGET",
            arity = "0..*",
            description = "LineTarget, SessionTarget, ConfigTarget (default: all, in turn)")
    private List<String> targets = TARGETS;

    @Option(
            names = "--minutes",
            paramLabel = "N",
            description = "for each target (default: ${DEFAULT-VALUE})",
            defaultValue = "10")
    private int minutes;

    @Spec private CommandSpec spec = CommandSpec.create();

    public static void main(String... words) {
        System.exit(new CommandLine(new Fuzzer()).execute(words));
    }

    @Override
    public Integer call() throws Exception {
        if (!TARGETS.containsAll(targets) || minutes < 1) {
            throw new ParameterException(
                    spec.commandLine(), "no such target, or less than a minute");
        }
        for (var target : targets) {
            var found = Files.createDirectories(DIRECTORY.resolve(target).resolve("found"));
            var effort = new Effort(NO_END, minutes * 60);
            if (!bears(target, effort, 0, found, Redirect.INHERIT)) {
                System.err.println(howToReplay(target));
                return 1;
            }
        }
        return 0;
    }

    /// Whether a target bears what the fuzzer invents.
    ///
    /// @param seed 0 for one that the fuzzer chooses
    /// @param found receives the inputs that reached new code, and what lies there is fed as well
    static boolean bears(String target, Effort effort, int seed, Path found, Redirect told)
            throws IOException, InterruptedException {
        var broken = Files.createDirectories(DIRECTORY.resolve(target));
        var process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xmx512m",
                                "-XX:+EnableDynamicAgentLoading",
                                "--enable-native-access=ALL-UNNAMED",
                                "--sun-misc-unsafe-memory-access=allow",
                                "-Djava.io.tmpdir=" + broken,
                                "-cp",
                                System.getProperty("java.class.path"),
                                "com.code_intelligence.jazzer.Jazzer",
                                "--target_class=adit.server.fuzz." + target,
                                "--instrumentation_includes=adit.**",
                                // Hooks into libraries would run while their classes begin.
                                "--custom_hook_includes=adit.**",
                                "--reproducer_path=" + broken,
                                "-artifact_prefix=" + broken + "/",
                                "-rss_limit_mb=0",
                                "-timeout=" + INPUT_SECONDS,
                                "-runs=" + effort.runs,
                                "-max_total_time=" + effort.seconds,
                                "-seed=" + seed,
                                found.toString(),
                                corpus(target).toString())
                        .redirectErrorStream(true)
                        .redirectOutput(told)
                        .start();
        try {
            return process.waitFor(effort.seconds + BESIDE_SECONDS, TimeUnit.SECONDS)
                    && process.exitValue() == 0;
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    static String howToReplay(String target) {
        return """
        To see it again, move the input from pool-server/%s/%s to pool-server/src/test/resources/fuzz/%2$s and run
        ./adit test -pl pool-server -am -Dtest=FuzzTest -Dsurefire.failIfNoSpecifiedTests=false\
        """
                .formatted(DIRECTORY, target);
    }

    /// The committed inputs of a target.
    static Path corpus(String target) {
        var resource = Fuzzer.class.getResource("/fuzz/" + target);
        try {
            return Path.of(Objects.requireNonNull(resource, () -> "no target " + target).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
