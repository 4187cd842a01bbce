package adit.server.fuzz;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

import adit.ledger.postgres.TestSeed;

import static org.assertj.core.api.Assertions.assertThat;

/// Each target with its whole corpus, and with as many inputs of the fuzzer's as take it some seconds.
///
/// `./adit fuzz` goes on for as long as one likes. What it finds is put into the corpus with its remedy.
final class FuzzTest {

    /// The inputs count, not the time: on a busy machine that was all spent on the beginning.
    private static final Map<String, Integer> RUNS =
            Map.of("LineTarget", 200_000, "SessionTarget", 10_000, "ConfigTarget", 5_000);

    private static final int MOST_SECONDS = 100;
    private static final Pattern DONE = Pattern.compile("(?m)^Done (\\d+) runs in \\d+ second");
    private static final int MOST_CORPUS_BYTES = 300 * 1024;
    private static final List<String> NAMES = Fuzzer.TARGETS;
    private static final Map<String, Consumer<byte[]>> TARGETS =
            Map.of(
                    "LineTarget", LineTarget::fuzzerTestOneInput,
                    "SessionTarget", SessionTarget::fuzzerTestOneInput,
                    "ConfigTarget", ConfigTarget::fuzzerTestOneInput);

    @ParameterizedTest
    @FieldSource("NAMES")
    void bearsItsCorpus(String name) throws IOException {
        var target = Objects.requireNonNull(TARGETS.get(name));
        var inputs = inputs(name);
        assertThat(inputs).hasSizeGreaterThan(10);
        for (var input : inputs) {
            try {
                target.accept(Files.readAllBytes(input));
            } catch (RuntimeException found) {
                throw new AssertionError("input " + input, found);
            }
        }
    }

    @ParameterizedTest
    @FieldSource("NAMES")
    @Tag("slow")
    @Timeout(value = 240, unit = TimeUnit.SECONDS)
    void bearsWhatTheFuzzerInvents(String name, @TempDir Path work) throws Exception {
        var log = work.resolve("log");
        // Zero would leave the choice to the fuzzer.
        int seed = ((int) TestSeed.next() & Integer.MAX_VALUE) | 1;

        int runs = Objects.requireNonNull(RUNS.get(name));
        boolean bears =
                Fuzzer.bears(
                        name,
                        new Fuzzer.Effort(runs, MOST_SECONDS),
                        seed,
                        Files.createDirectory(work.resolve("found")),
                        Redirect.to(log.toFile()));

        var said = Files.readString(log);
        assertThat(bears).as("%s%n%s", said, Fuzzer.howToReplay(name)).isTrue();
        var done = DONE.matcher(said);
        assertThat(done.find()).as(said).isTrue();
        System.out.printf("%s, seed %d: %s%n", name, seed, done.group());
        assertThat(Integer.parseInt(done.group(1))).as("inputs").isGreaterThanOrEqualTo(runs);
    }

    @Test
    void keepsTheCorpusSmall() throws IOException {
        long bytes = 0;
        for (var name : NAMES) {
            for (var input : inputs(name)) {
                bytes += Files.size(input);
            }
        }
        assertThat(bytes).isLessThanOrEqualTo(MOST_CORPUS_BYTES);
    }

    private static List<Path> inputs(String name) throws IOException {
        try (var files = Files.list(Fuzzer.corpus(name))) {
            return files.sorted().toList();
        }
    }
}
