package adit.server.command;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import adit.server.bench.BenchReport;
import adit.server.bench.BenchRow;
import adit.server.bench.Cores;
import adit.server.bench.Rehearsal;
import adit.server.bench.StratumBench;
import adit.server.bench.Yardsticks;

/// `adit bench`: how fast this machine is, and how fast the pool is on it.
@Command(
        name = "bench",
        description = "Measures this machine, and the pool on it.",
        footer =
                "%nOther words name parts to measure with JMH, by a regular expression; no word: all.",
        mixinStandardHelpOptions = true)
public final class BenchCommand {

    private static final String DIRECTORY = "on the disk to be measured (default: where you are)";

    @Spec private CommandSpec spec = CommandSpec.create();

    @Command(
            description = "Three simple things any figure is to be compared with.",
            mixinStandardHelpOptions = true)
    int yardsticks(
            @Option(names = "--directory", paramLabel = "DIR", description = DIRECTORY)
                    @Nullable Path directory)
            throws IOException {
        var _ = Cores.apart();
        report(1).say(Yardsticks.measure(here(directory), System::nanoTime).toString());
        return 0;
    }

    @Command(
            description = "Loads the pool, or another one, with a crowd of miners.",
            mixinStandardHelpOptions = true)
    int stratum(
            @Option(
                            names = "--only",
                            split = ",",
                            paramLabel = "ROW",
                            description = "just these rows; the names are in the documentation")
                    @Nullable List<String> only,
            @Option(names = "--rounds", paramLabel = "N", defaultValue = "3") int rounds,
            @Option(names = "--seconds", paramLabel = "N", defaultValue = "8") int seconds,
            @Option(
                            names = "--against",
                            paramLabel = "HOST:PORT",
                            description = "another pool; it must take any hash for a share")
                    @Nullable String against,
            @Option(
                            names = "--user",
                            paramLabel = "NAME",
                            defaultValue = "bcrt1q39wfsc85c6hdj2pp6dywfk583ddmax7085gd9g",
                            description = "a name that pool takes")
                    String user,
            @Option(
                            names = "--jvm",
                            paramLabel = "FLAG",
                            description = "one more flag for the measured pool's JVM")
                    @Nullable List<String> flags,
            @Option(names = "--directory", paramLabel = "DIR", description = DIRECTORY)
                    @Nullable Path directory)
            throws IOException, InterruptedException {
        var rows = EnumSet.allOf(BenchRow.class);
        if (only != null) {
            rows.clear();
            only.forEach(key -> rows.add(BenchRow.of(key)));
        }
        var cores = Cores.apart();
        var yardsticks = Yardsticks.measure(here(directory), System::nanoTime);
        var report = report(yardsticks.scale());
        report.say(yardsticks.toString());
        var plan =
                new StratumBench.Plan(
                        rows,
                        rounds,
                        Duration.ofSeconds(seconds),
                        here(directory),
                        against == null ? null : address(against),
                        user,
                        flags == null ? List.of() : new ArrayList<>(flags));
        takeChildrenAlong();
        try (var bench = new StratumBench(plan, cores, report, System::nanoTime)) {
            bench.run();
        }
        report.table();
        return 0;
    }

    @Command(
            description =
                    "Loads a pool for a few seconds and writes down what makes the next start quick.",
            mixinStandardHelpOptions = true)
    int rehearsal(@Parameters(paramLabel = "FILE", description = "to be written") Path file)
            throws IOException, InterruptedException {
        takeChildrenAlong();
        Rehearsal.run(file.toAbsolutePath(), System::nanoTime);
        return 0;
    }

    /// Who is told to stop ends the pool it has started too.
    private static void takeChildrenAlong() {
        Runtime.getRuntime()
                .addShutdownHook(
                        new Thread(
                                () ->
                                        ProcessHandle.current()
                                                .descendants()
                                                .forEach(ProcessHandle::destroy),
                                "stop"));
    }

    private BenchReport report(double scale) {
        return new BenchReport(spec.commandLine().getOut(), scale);
    }

    private static Path here(@Nullable Path directory) {
        return (directory == null ? Path.of("") : directory).toAbsolutePath();
    }

    private static InetSocketAddress address(String hostAndPort) {
        int colon = hostAndPort.lastIndexOf(':');
        if (colon < 0) {
            throw new IllegalArgumentException("name the pool as HOST:PORT");
        }
        return new InetSocketAddress(
                hostAndPort.substring(0, colon),
                Integer.parseInt(hostAndPort.substring(colon + 1)));
    }
}
