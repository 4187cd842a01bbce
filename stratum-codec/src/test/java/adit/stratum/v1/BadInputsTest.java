package adit.stratum.v1;

import java.util.HashSet;
import java.util.Set;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import adit.stratum.MalformedMessage;

import static org.assertj.core.api.Assertions.assertThat;

/// The corpus of bad inputs as far as the codec alone can tell good from bad.
final class BadInputsTest {
    /// Refused for what the session knows: the line limit before authorize, the size of the extranonce, a client
    /// that never reads.
    private static final Set<String> DECIDED_BY_THE_SESSION =
            Set.of(
                    "line-pre-auth-4097",
                    "hex-en2-empty",
                    "hex-en2-short",
                    "hex-en2-long",
                    "flood-unread-replies");

    /// Names, jobs, times and repetitions are judged behind the codec, which has to deliver them.
    private static final Set<String> RULES = Set.of("submit-rule", "duplicate", "flood");

    private final V1Decoder decoder = new V1Decoder();

    @Test
    void closesOnEveryLineThatIsNoMessage() {
        int closed = 0;
        for (var input : Vectors.badInputs()) {
            if (expects(input, "disconnect") && !isLeftToTheSession(input)) {
                assertThat(decode(input)).as(id(input)).isEqualTo("malformed");
                closed++;
            }
        }
        assertThat(closed).isEqualTo(58);
    }

    @Test
    void answersWhatIsWrongWithItsError() {
        int refused = 0;
        for (var input : Vectors.badInputs()) {
            var codes = codes(input);
            if (!expects(input, "error-code") || isLeftToTheSession(input)) {
                continue;
            }
            if (codes.equals(Set.of(-3))) {
                assertThat(decode(input)).as(id(input)).isEqualTo("Unknown, answered");
                refused++;
            } else if (codes.equals(Set.of(20)) && !RULES.contains(category(input))) {
                assertThat(decode(input)).as(id(input)).isEqualTo("Invalid, answered");
                refused++;
            } else {
                assertThat(decode(input))
                        .as(id(input))
                        .isIn("Submit, answered", "Authorize, answered", "Invalid, answered");
            }
        }
        assertThat(refused).isGreaterThan(40);
    }

    @Test
    void acceptsWhatIsGood() {
        for (var input : Vectors.badInputs()) {
            if (expects(input, "accept")) {
                assertThat(decode(input))
                        .as(id(input))
                        .isIn(
                                "Subscribe, answered",
                                "Authorize, answered",
                                "Submit, answered",
                                "Configure, answered",
                                "ExtranonceSubscribe, answered",
                                "GetTransactions, answered");
            }
        }
    }

    @Test
    void answersNothingWhereSilenceIsDue() {
        for (var input : Vectors.badInputs()) {
            if (expects(input, "silent") || expects(input, "ignore")) {
                assertThat(decode(input)).as(id(input)).endsWith(", silent");
            }
        }
    }

    @Test
    void knowsEveryExpectationOfTheCorpus() {
        var expectations = new HashSet<String>();

        Vectors.badInputs().forEach(input -> expectations.add(input.get("expect").asString()));

        assertThat(expectations)
                .containsExactlyInAnyOrder(
                        "accept", "disconnect", "error-code", "ignore", "silent");
    }

    @Test
    void leavesTheLengthOfTheExtranonceToTheSession() {
        for (var input : Vectors.badInputs()) {
            if (id(input).startsWith("hex-en2-") && isLeftToTheSession(input)) {
                assertThat(decode(input)).as(id(input)).isEqualTo("Submit, answered");
            }
        }
    }

    /// What becomes of the last line, or of the first that closes the connection.
    private String decode(JsonNode input) {
        String outcome = "";
        for (var line : Vectors.lines(input)) {
            if (line.length == 0 && !outcome.isEmpty()) {
                continue;
            }
            try {
                var request = decoder.decode(line, 0, line.length);
                outcome =
                        request.getClass().getSimpleName()
                                + (request.isAnswered() ? ", answered" : ", silent");
            } catch (MalformedMessage e) {
                return "malformed";
            }
        }
        return outcome;
    }

    private static boolean expects(JsonNode input, String what) {
        return input.get("expect").asString().equals(what);
    }

    private static boolean isLeftToTheSession(JsonNode input) {
        return DECIDED_BY_THE_SESSION.contains(id(input));
    }

    private static Set<Integer> codes(JsonNode input) {
        var codes = new HashSet<Integer>();
        if (input.has("code")) {
            input.get("code").forEach(code -> codes.add(code.asInt()));
        }
        return codes;
    }

    private static String id(JsonNode input) {
        return input.get("id").asString();
    }

    private static String category(JsonNode input) {
        return input.get("cat").asString();
    }
}
