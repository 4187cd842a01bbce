package adit.server.bench;

import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

final class LastWordsTest {

    private static final String WHY =
            "adit: The status page cannot be served on 127.0.0.1:40163: the port is in use.";

    @Test
    void areThoseOfThePoolWhereTheJvmSaysMore() {
        var classes =
                IntStream.range(0, 1_000)
                        .mapToObj(
                                "[6.810s][warning][aot] Skipping picocli/Class%d: Unlinked\n"
                                        ::formatted)
                        .collect(Collectors.joining());
        var launch = "Launching child process java -cp " + "library.jar:".repeat(100);

        var words =
                LastWords.of(
                        WHY + "\n" + classes + launch + "\nAOTCache creation is complete: a.aot\n");

        assertThat(words.lines())
                .containsExactly(
                        WHY,
                        launch.substring(0, LastWords.MOST_CHARS),
                        "AOTCache creation is complete: a.aot");
    }

    @Test
    void areTheLastLinesOfMany() {
        var log =
                IntStream.rangeClosed(1, 100)
                        .mapToObj(Integer::toString)
                        .collect(Collectors.joining("\n"));

        assertThat(LastWords.of(log).lines()).hasSize(LastWords.MOST_LINES).last().isEqualTo("100");
    }

    @Test
    void areNoneOfAPoolThatHasSaidNothing() {
        assertThat(LastWords.of("")).isEmpty();
    }
}
