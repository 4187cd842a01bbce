package adit.server.net;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import adit.ledger.journal.JournalRecord;
import adit.server.channel.Journaled;
import adit.server.job.SampleJobs;

import static org.assertj.core.api.Assertions.assertThat;

/// A conversation written down in a file, and the way to hold it again.
///
/// ```text
/// # a comment
/// > what the miner sends; lines that follow one another go out in one segment
/// < what the pool must answer; … stands for anything
/// !job 6f1 A        a job with this number on this tip goes up
/// !pass 31          so many seconds pass
/// !names            the port takes names without an address, and splits
/// !reconnect        a new connection takes the old one's place
/// !closed           the pool has hung up
/// !credited rig1 2  the journal holds so many shares of this worker by now
/// !screen rig1 AxeOS (Bitaxe): You don't …   what its page says of its screen, … for anything
/// !noscreen rig1    its page says nothing
/// ```
/// In what the miner sends `{nonce}` becomes a nonce that makes the line a share, `{weak}` one that does
/// not, `{same}` the last one again, and `{short}` the last one without leading zeros.
final class Transcript {

    private static final String ADDRESS = "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4";

    private final PoolRig rig;
    private final InetSocketAddress pool;
    private final List<String> outgoing = new ArrayList<>();
    private SimulatedMiner miner = new SimulatedMiner();
    private Wire wire;
    private boolean closed;

    private Transcript(PoolRig rig, InetSocketAddress pool) {
        this.rig = rig;
        this.pool = pool;
        this.wire = new Wire(pool);
    }

    static void play(Path file, PoolRig rig, InetSocketAddress pool) {
        var transcript = new Transcript(rig, pool);
        try {
            int number = 0;
            for (var line : Files.readAllLines(file)) {
                number++;
                transcript.step(line, "%s line %d".formatted(file.getFileName(), number));
            }
            transcript.end(file.getFileName() + " at its end");
        } catch (IOException cannot) {
            throw new UncheckedIOException(cannot);
        } finally {
            transcript.wire.close();
        }
    }

    private void step(String line, String where) {
        if (line.startsWith(">")) {
            outgoing.add(line.substring(Math.min(2, line.length())));
            return;
        }
        flush();
        if (line.startsWith("<")) {
            var said = wire.line().map(String::stripTrailing).orElse(Wire.CLOSED);
            assertThat(said).as(where).matches(pattern(line.substring(2)));
            if (said.startsWith("{")) {
                FirmwareReads.line(said);
                miner.hear(said);
            }
        } else if (line.startsWith("!")) {
            direct(line.substring(1).split(" ", -1), where);
        }
    }

    private void direct(String[] words, String where) {
        switch (words[0]) {
            case "job" ->
                    rig.publish(
                            SampleJobs.job(
                                    Long.parseLong(words[1], 16),
                                    words[2].equals("A") ? SampleJobs.TIP_A : SampleJobs.TIP_B,
                                    SampleJobs.HARD));
            case "pass" -> rig.passMillis(Long.parseLong(words[1]) * 1000);
            case "reconnect" -> {
                wire.close();
                wire = new Wire(pool);
                miner = new SimulatedMiner();
            }
            case "names" -> {
                wire.close();
                wire = new Wire(rig.listen(TranscriptTest.EASY, PoolRig.NAMES));
            }
            case "closed" -> {
                assertThat(wire.rest()).as(where).isEmpty();
                closed = true;
            }
            case "screen" -> {
                var screen = rig.firmware.screen(ADDRESS + "." + words[1]);
                assertThat(screen.map(s -> s.firmware() + ": " + s.text()).orElse(""))
                        .as(where)
                        .matches(
                                pattern(
                                        String.join(
                                                " ",
                                                Arrays.asList(words).subList(2, words.length))));
            }
            case "noscreen" ->
                    rig.await(() -> rig.firmware.screen(ADDRESS + "." + words[1]).isEmpty(), where);
            case "credited" ->
                    assertThat(creditedTo(words[1])).as(where).isEqualTo(Long.parseLong(words[2]));
            default -> throw new IllegalArgumentException(where + ": " + words[0]);
        }
    }

    /// A conversation is over when nothing more was said than is written.
    private void end(String where) {
        flush();
        if (!closed) {
            assertThat(wire.linesBeforeProbe()).as(where).isEmpty();
        }
    }

    private void flush() {
        if (!outgoing.isEmpty()) {
            wire.send(outgoing.stream().map(this::filledIn).toArray(String[]::new));
            outgoing.clear();
        }
    }

    private String filledIn(String line) {
        int nonce = miner.lastNonce();
        if (line.contains("{nonce}") || line.contains("{weak}")) {
            nonce = miner.search(line, line.contains("{nonce}"));
        }
        var hex = "%08x".formatted(nonce);
        return line.replace("{nonce}", hex)
                .replace("{weak}", hex)
                .replace("{same}", hex)
                .replace("{short}", Integer.toHexString(nonce));
    }

    private long creditedTo(String worker) {
        var records = Journaled.records(rig.journal);
        var refs =
                records.stream()
                        .filter(JournalRecord.Worker.class::isInstance)
                        .map(JournalRecord.Worker.class::cast)
                        .filter(record -> record.name().equals(worker))
                        .map(JournalRecord.Worker::workerRef)
                        .collect(Collectors.toSet());
        return Journaled.credited(rig.journal).stream()
                .filter(share -> refs.contains(share.workerRef()))
                .count();
    }

    private static Pattern pattern(String expected) {
        return Pattern.compile(
                Stream.of(expected.split("…", -1))
                        .map(Pattern::quote)
                        .collect(Collectors.joining(".*")));
    }
}
