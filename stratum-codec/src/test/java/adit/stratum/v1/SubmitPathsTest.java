package adit.stratum.v1;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

import com.sun.management.ThreadMXBean;
import org.junit.jupiter.api.Test;

import adit.stratum.MalformedMessage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

/// The two ways to read a submit: the scanner, and the parser that can read any line.
final class SubmitPathsTest {
    private static final long SEED = 20_261_121;
    private static final List<String> IDS =
            List.of("4", "0", "\"sub\"", "null", "", "12345678901", "1e3", "[7]", "-1", "\"\"");
    private static final List<String> USERS =
            List.of("bc1qexample.rig1", "", "a\\u0062c", "caf\u00e9", "a\\\"b", "\\ud83d\\ude00");
    private static final List<String> NUMBERS =
            List.of("68a5c001", "\"7\"", "\"ABCDEF01\"", "\"68a5c001\"", "\"\"", "7", "4294967295");
    private static final List<String> BLANKS = List.of("", "", "", " ", "\t", "\r", "  ");

    private final Random random = new Random(SEED);
    private final Submit scanned = new Submit();
    private final SubmitScanner scanner = new SubmitScanner(scanned);
    private final V1Decoder decoder = new V1Decoder();

    @Test
    void agreeOnEveryLineThatTheScannerTakes() throws MalformedMessage {
        int taken = 0;
        for (int i = 0; i < 50_000; i++) {
            var line = submitLine().getBytes(UTF_8);
            if (scanner.scan(line, 0, line.length)) {
                taken++;
                assertAgreement(line, i);
            }
        }
        assertThat(taken).as("seed %d", SEED).isBetween(2_000, 48_000);
    }

    @Test
    void agreeOnMutatedLines() throws MalformedMessage {
        int taken = 0;
        for (int i = 0; i < 50_000; i++) {
            var line = Mutations.of(random, plainLine("4", "bc1q.rig1"));
            if (line.length > 0 && line[0] == '{' && scanner.scan(line, 0, line.length)) {
                taken++;
                assertAgreement(line, i);
            }
        }
        assertThat(taken).as("seed %d", SEED).isBetween(5_000, 49_000);
    }

    @Test
    void takeTheScannerForTheFormsOfFirmware() {
        assertThat(scans(plainLine("4", "bc1qexample.rig1"))).isTrue();
        int submits = 0;
        for (var vector : Vectors.sv1("client_lines")) {
            String line = vector.get("line").asString();
            if (line.contains("mining.submit")) {
                submits++;
                assertThat(scans(line)).as(line).isTrue();
                assertThat(scans(line + "\r")).as(line).isTrue();
            }
        }
        assertThat(submits).isEqualTo(2);
    }

    @Test
    void leaveTheUnusualToTheParser() {
        assertThat(scans(plainLine("4", "a\\u0062c"))).isFalse();
        assertThat(scans(plainLine("4", "caf\u00e9"))).isFalse();
        assertThat(scans(plainLine("[4]", "u"))).isFalse();
        assertThat(scans(plainLine("4", "u").replace("{", "{\"jsonrpc\":\"2.0\","))).isFalse();
        assertThat(scans(plainLine("4", "u").replace("{", "{\"id\":4,"))).isFalse();
        assertThat(scans(plainLine("4", "u") + "x")).isFalse();
        assertThat(scans(plainLine("04", "u"))).isFalse();
    }

    @Test
    void readAUserNameWithEscapes() throws MalformedMessage {
        var line = plainLine("4", "caf\\u00e9 \\ud83d\\ude00\\n").getBytes(UTF_8);

        var submit = (Submit) decoder.decode(line, 0, line.length);

        assertThat(SubmitValues.of(line, submit).user()).isEqualTo("caf\u00e9 \ud83d\ude00\n");
    }

    @Test
    void readNumbersWhereProxiesSendThem() throws MalformedMessage {
        var line = plainLine("4", "u").replace("\"68a5c001\"", "1755693057").getBytes(UTF_8);

        var submit = (Submit) decoder.decode(line, 0, line.length);

        assertThat(submit.ntime()).isEqualTo(1_755_693_057);
    }

    @Test
    void knowNoJobByAnyOtherSpelling() throws MalformedMessage {
        for (var spelling : List.of("6F1", " 6f1", "6f1.0", "", "12345678901234567", "-1")) {
            var line = plainLine("4", "u").replace("00000006f1", spelling).getBytes(UTF_8);

            assertThat(((Submit) decoder.decode(line, 0, line.length)).jobIdLength())
                    .as(spelling)
                    .isZero();
        }
    }

    @Test
    void allocateNothingForANormalSubmit() throws MalformedMessage {
        var bean = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        var line = plainLine("4", "bc1qexample.rig1").getBytes(UTF_8);
        int rounds = 20_000;
        decodeTimes(line, rounds);

        long before = bean.getCurrentThreadAllocatedBytes();
        decodeTimes(line, rounds);
        long bytes = bean.getCurrentThreadAllocatedBytes() - before;

        assertThat((double) bytes / rounds).isLessThan(1);
    }

    private void decodeTimes(byte[] line, int rounds) throws MalformedMessage {
        for (int i = 0; i < rounds; i++) {
            Check.that(decoder.decode(line, 0, line.length) instanceof Submit, "a submit");
        }
    }

    private void assertAgreement(byte[] line, int round) throws MalformedMessage {
        var byScanner = SubmitValues.of(line, scanned);

        var request = decoder.decodeAny(line, 0, line.length);

        assertThat(request).as(new String(line, UTF_8)).isInstanceOf(Submit.class);
        assertThat(byScanner)
                .as("seed %d, round %d: %s", SEED, round, new String(line, UTF_8))
                .isEqualTo(SubmitValues.of(line, (Submit) request));
    }

    private boolean scans(String text) {
        var line = text.getBytes(UTF_8);
        return scanner.scan(line, 0, line.length);
    }

    private static String plainLine(String id, String user) {
        return "{\"id\":"
                + id
                + ",\"method\":\"mining.submit\",\"params\":[\""
                + user
                + "\",\"00000006f1\",\"0000000000000001\",\"68a5c001\",\"12345678\",\"00002000\"]}";
    }

    private String submitLine() {
        var members = new ArrayList<String>();
        String id = any(IDS);
        if (!id.isEmpty()) {
            members.add("\"id\"" + blank() + ":" + blank() + id);
        }
        members.add("\"method\"" + blank() + ":" + blank() + "\"mining.submit\"");
        members.add("\"params\"" + blank() + ":" + blank() + params());
        if (random.nextInt(10) == 0) {
            members.add("\"jsonrpc\":\"2.0\"");
        }
        Collections.shuffle(members, random);
        return "{" + blank() + String.join(blank() + "," + blank(), members) + blank() + "}";
    }

    private String params() {
        var params = new ArrayList<String>();
        params.add("\"" + any(USERS) + "\"");
        params.add("\"" + Integer.toHexString(random.nextInt()) + "\"");
        params.add("\"" + String.format("%016X", random.nextLong()) + "\"");
        params.add(random.nextInt(3) == 0 ? any(NUMBERS) : hex());
        params.add(random.nextInt(3) == 0 ? any(NUMBERS) : hex());
        if (random.nextBoolean()) {
            params.add(random.nextInt(3) == 0 ? any(NUMBERS) : hex());
        }
        return "[" + blank() + String.join(blank() + "," + blank(), params) + blank() + "]";
    }

    private String hex() {
        return "\"" + String.format("%08x", random.nextInt()) + "\"";
    }

    private String blank() {
        return any(BLANKS);
    }

    private String any(List<String> choices) {
        return choices.get(random.nextInt(choices.size()));
    }
}
