package adit.server.net;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import adit.pow.Difficulty;
import adit.server.channel.ChannelSettings;

import static org.assertj.core.api.Assertions.assertThat;

/// Every firmware's way of talking, held over a real socket against the real pipeline. What begins with `direct-` is
/// held on a port whose coinbases pay their finder.
final class TranscriptTest {

    /// A share in 4,096 hashes.
    static final ChannelSettings EASY =
            new ChannelSettings(1 << 12, 1 << 10, Difficulty.MAX_UNITS, false, 15, true, 0);

    @TempDir private Path directory;

    static List<String> transcripts() throws IOException, URISyntaxException {
        try (var files = Files.list(folder())) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private static Path folder() throws URISyntaxException {
        var folder = Objects.requireNonNull(TranscriptTest.class.getResource("/transcripts"));
        return Path.of(folder.toURI());
    }

    @ParameterizedTest
    @MethodSource("transcripts")
    void holdsTheConversation(String transcript) throws URISyntaxException {
        try (var rig = new PoolRig(directory)) {
            boolean paysFinder = transcript.startsWith("direct-");
            Transcript.play(
                    folder().resolve(transcript),
                    rig,
                    rig.listen(EASY, PoolRig.ADDRESSES, paysFinder));
        }
    }

    @Test
    void hasTranscripts() throws IOException, URISyntaxException {
        assertThat(transcripts()).hasSize(37);
    }
}
