package adit.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/// Holds `docs/protocol/conformance.md` to the tests it names: each exists, and no transcript is left out.
final class ConformanceDocumentTest {

    private static final Path DOCUMENT = Path.of("..", "docs", "protocol", "conformance.md");
    private static final Path TRANSCRIPTS = Path.of("src", "test", "resources", "transcripts");
    private static final Pattern TEST = Pattern.compile("\\[(\\w+Test)\\.(\\w+)]\\(([^)]+)\\)");
    private static final Pattern TRANSCRIPT =
            Pattern.compile("\\[([a-z0-9-]+)]\\(([^)]+\\.transcript)\\)");

    @Test
    void namesTestsThatExist() throws IOException {
        var named = named(TEST);
        for (var test : named) {
            var file = DOCUMENT.resolveSibling(test.group(3)).normalize();
            assertThat(file).hasFileName(test.group(1) + ".java");
            assertThat(file).content().as(test.group()).contains("void " + test.group(2) + "(");
        }
        assertThat(named).hasSizeGreaterThan(40);
    }

    @Test
    void namesEveryTranscript() throws IOException {
        var named = named(TRANSCRIPT);
        for (var transcript : named) {
            assertThat(DOCUMENT.resolveSibling(transcript.group(2)).normalize())
                    .hasFileName(transcript.group(1) + ".transcript")
                    .exists();
        }
        try (var files = Files.list(TRANSCRIPTS)) {
            assertThat(named)
                    .extracting(transcript -> transcript.group(1) + ".transcript")
                    .containsAll(files.map(file -> file.getFileName().toString()).toList());
        }
    }

    private static List<MatchResult> named(Pattern pattern) throws IOException {
        return pattern.matcher(Files.readString(DOCUMENT)).results().toList();
    }
}
