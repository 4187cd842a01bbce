package adit.server.fuzz;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;

import adit.ledger.postgres.TestSeed;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

/// Up to eight of a miner's methods in any order, judged by the model of [SessionTarget].
final class AnyOrderTest {

    private static final int ORDERS = 1_000;
    private static final int MOST_LINES = 8;
    private static final String TERM = "\"mining.term\",\"params\":[]";
    private static final String USER = "\"bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4.a\"";
    private static final List<String> METHODS =
            List.of(
                    "\"mining.configure\",\"params\":[[\"version-rolling\"],{}]",
                    "\"mining.subscribe\",\"params\":[\"order/1\"]",
                    "\"mining.authorize\",\"params\":[" + USER + ",\"x\"]",
                    "\"mining.submit\",\"params\":["
                            + USER
                            + ",\"1\",\"0000000000000001\",\"68a5c000\",\"00000001\"]",
                    "\"mining.suggest_difficulty\",\"params\":[1]",
                    "\"mining.suggest_target\",\"params\":[\"00ff\"]",
                    "\"mining.extranonce.subscribe\",\"params\":[]",
                    "\"mining.multi_version\",\"params\":[4]",
                    "\"mining.get_transactions\",\"params\":[\"1\"]",
                    "\"mining.capabilities\",\"params\":[{}]",
                    "\"mining.ping\",\"params\":[]",
                    TERM);

    @Test
    void isAnsweredInOrderAndEndsOnlyWhereItIsAskedTo() {
        var random = new Random(TestSeed.next());
        for (int i = 0; i < ORDERS; i++) {
            var methods = new ArrayList<>(METHODS);
            Collections.shuffle(methods, random);
            var order = methods.subList(0, 1 + random.nextInt(MOST_LINES));
            var lines = new StringBuilder();
            for (var method : order) {
                lines.append("{\"id\":%d,\"method\":%s}\n".formatted(lines.length(), method));
            }
            var input = lines.toString();

            assertThat(SessionTarget.stays(input.getBytes(US_ASCII)))
                    .as(input)
                    .isEqualTo(!order.contains(TERM));
        }
    }
}
