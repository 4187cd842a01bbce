package adit.server.net;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

import ch.qos.logback.classic.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import adit.server.job.SampleJobs;
import adit.server.metrics.LoggedLines;

import static org.assertj.core.api.Assertions.assertThat;

/// Whatever a person types into the fields for user and password by mistake is found nowhere afterwards: not in
/// a log line of any level, an answer, a meter or a file.
final class SecretsTest {

    private static final String ADDRESS = "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4";

    /// Private keys, a seed, passwords; most of one must not show either.
    private static final List<String> USERS =
            List.of(
                    "KwDiBf89QgGbjEhKnhXJuH7LrciVrZi3qYjgd9M7rFU73sVHnoWn",
                    "5HpHagT65TZzG1PH3CSu63k8DbpvD8s5ip4nEB3kEsreAnchuDf.rig1",
                    "legal winner thank year wave sausage worth useful legal winner thank yellow",
                    "xprv9s21ZrQH143K3QTDL4LXw2F7HEK3wJUD2nW2nRk4stbPy6cq3jPPqjiChkVvvNKmPGJxWUtg6LnF5",
                    ADDRESS + ".worker password=canary1\\r\\nERROR forged",
                    "canary2\\u001b[31m",
                    "~canary3",
                    ADDRESS + "~canary4");

    private static final List<String> PASSWORDS =
            List.of("canary5", "d=canary6", "x,th=9,canary7=1", "p\\u2028canary8");

    private final LoggedLines logged = new LoggedLines(Level.TRACE);

    @TempDir private Path directory;

    @AfterEach
    void stopListening() {
        logged.close();
    }

    @Test
    void keepsAndRepeatsNothingThatWasTypedByMistake() throws IOException {
        var said = new ArrayList<String>();
        try (var rig = new PoolRig(directory)) {
            rig.publish(SampleJobs.job(1, SampleJobs.TIP_A, SampleJobs.HARD));
            for (var user : USERS) {
                said.addAll(conversation(rig, user, "x"));
            }
            for (var password : PASSWORDS) {
                said.addAll(conversation(rig, ADDRESS, password));
            }
            rig.meters.getMeters().forEach(meter -> said.add(meter.getId().toString()));
        }
        assertThat(logged.all())
                .as("the one source is told of once")
                .filteredOn(line -> line.startsWith("A login from 127.0.0.1 was refused"))
                .hasSize(1);
        said.addAll(logged.all());
        said.add(files());

        for (var secret : secrets()) {
            assertThat(said).as(secret).noneMatch(text -> text.contains(secret));
        }
        assertThat(said).filteredOn(text -> text.contains("\"result\":true")).hasSize(4);
    }

    private static List<String> conversation(PoolRig rig, String user, String password) {
        try (var wire = new Wire(rig.listen(PoolRig.ANY))) {
            wire.send(
                    "{\"id\":1,\"method\":\"mining.authorize\",\"params\":[\"%s\",\"%s\"]}"
                            .formatted(user, password));
            return wire.linesBeforeProbe();
        }
    }

    private static List<String> secrets() {
        var secrets = new ArrayList<String>();
        USERS.stream().limit(4).forEach(user -> secrets.add(user.substring(0, 20)));
        secrets.add("canary");
        secrets.add("forged");
        return secrets;
    }

    private String files() throws IOException {
        try (var files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile)
                    .map(SecretsTest::text)
                    .collect(Collectors.joining());
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException cannot) {
            throw new UncheckedIOException(cannot);
        }
    }
}
