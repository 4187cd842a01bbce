package adit.stratum.v1;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

import adit.stratum.MalformedMessage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

final class V1DecoderTest {

    @Nested
    final class Ids {
        @Test
        void areFoundWhereverTheyStandInAnyRange() throws MalformedMessage {
            for (var id :
                    List.of("1", "-0", "1e999", "\"a\\n\\u001b\"", "[1, {\"a\":[]}]", "true")) {
                for (var form :
                        List.of(
                                "{\"id\":%s,\"method\":\"mining.ping\"}",
                                "{\"method\":\"mining.ping\",\"params\":[],\"id\" : %s }",
                                "{ \"x\":\"caf\u00e9\",\"id\":\t%s\t,\"method\":\"mining.ping\"}")) {
                    var line = ("xyz " + String.format(form, id) + "rest").getBytes(UTF_8);

                    var request = new V1Decoder().decode(line, 3, line.length - 7);

                    assertThat(request).isInstanceOf(V1Request.Ping.class);
                    assertThat(new String(line, request.idOffset(), request.idLength(), UTF_8))
                            .isEqualTo(id);
                }
            }
        }

        @Test
        void areNoneWhereAbsentOrNull() throws MalformedMessage {
            assertThat(Lines.request("{\"id\":null,\"method\":\"mining.ping\"}").isNotification())
                    .isTrue();
            assertThat(Lines.request("{\"method\":\"mining.ping\"}").isNotification()).isTrue();
        }

        @Test
        void mayBe256BytesLong() throws MalformedMessage {
            String longest = "\"" + "i".repeat(254) + "\"";
            String tooLong = "\"" + "i".repeat(255) + "\"";

            var echoed =
                    Lines.request(
                            "{\"id\":"
                                    + longest
                                    + ",\"method\":\"mining.submit\",\"params\":[\"u\",\"1\",\"00\",\"1\",\"1\"]}");
            var refused =
                    Lines.request(
                            "{\"id\":"
                                    + tooLong
                                    + ",\"method\":\"mining.submit\",\"params\":[\"u\",\"1\",\"00\",\"1\",\"1\"]}");

            assertThat(echoed).isInstanceOf(Submit.class);
            assertThat(echoed.idLength()).isEqualTo(256);
            assertThat(refused).isInstanceOf(V1Request.Invalid.class);
            assertThat(refused.idLength()).isZero();
            assertThat(refused.isAnswered()).isTrue();
        }

        @Test
        void mayBeNumbersOfAnyLengthThatFits() throws MalformedMessage {
            var request =
                    Lines.request("{\"id\":" + "9".repeat(256) + ",\"method\":\"mining.ping\"}");

            assertThat(request.idLength()).isEqualTo(256);
        }
    }

    @Nested
    final class Answers {
        @Test
        void areDueWithoutAnIdOnlyWhereFirmwareWaitsForThem() throws MalformedMessage {
            assertThat(isAnswered("null", "mining.configure\",\"params\":[[]],\"x\":\"")).isTrue();
            assertThat(isAnswered("null", "mining.subscribe")).isTrue();
            assertThat(isAnswered("null", "mining.extranonce.subscribe")).isTrue();
            assertThat(isAnswered("null", "mining.subscribe.extranonce")).isTrue();
            assertThat(isAnswered("null", "mining.get_transactions")).isTrue();
            assertThat(isAnswered("null", "mining.submit")).isTrue();
            assertThat(isAnswered("null", "mining.authorize")).isTrue();
            assertThat(isAnswered("null", "mining.nope")).isFalse();
            assertThat(isAnswered("null", "mining.ping")).isFalse();
            assertThat(isAnswered("null", "mining.notify")).isFalse();
        }

        @Test
        void areNeverDueWhereAMinerWouldBookThemAsAShare() throws MalformedMessage {
            for (var method :
                    List.of(
                            "mining.suggest_difficulty",
                            "mining.suggest_difficulty(512)",
                            "mining.suggest_difficulty()",
                            "mining.suggest_target",
                            "mining.multi_version",
                            "mining.capabilities",
                            "pong",
                            "mining.pong")) {
                assertThat(isAnswered("5", method)).as(method).isFalse();
                assertThat(isAnswered("5", method + "\",\"params\":{},\"x\":\"")).isFalse();
            }
        }

        @Test
        void areDueForTheOtherCallsThatCarryAnId() throws MalformedMessage {
            for (var method :
                    List.of(
                            "mining.get_txnhashes",
                            "mining.hashrate",
                            "eth_submitHashrate",
                            "mining.hashrate_report",
                            "mining.ping",
                            "mining.noop",
                            "login",
                            "getjob",
                            "mining.passthrough",
                            "Mining.Subscribe")) {
                assertThat(isAnswered("5", method)).as(method).isTrue();
            }
        }

        private boolean isAnswered(String id, String method) throws MalformedMessage {
            return Lines.request("{\"id\":" + id + ",\"method\":\"" + method + "\"}").isAnswered();
        }
    }

    @Nested
    final class Methods {
        @Test
        void areLookedUpBeforeTheParams() throws MalformedMessage {
            assertThat(Lines.request("{\"params\":{\"a\":1},\"id\":1,\"method\":\"login\"}"))
                    .isEqualTo(new V1Request.Unknown(23, 1, "login"));
            assertThat(
                            Lines.request(
                                    "{\"params\":{\"a\":1},\"id\":1,\"method\":\"mining.subscribe\"}"))
                    .isInstanceOf(V1Request.Invalid.class);
        }

        @Test
        void countAsUnknownUnlessTheyAreStrings() throws MalformedMessage {
            for (var method : List.of("5", "null", "{}", "[\"mining.subscribe\"]", "true")) {
                var request = Lines.request("{\"id\":1,\"method\":" + method + ",\"result\":true}");

                assertThat(request).isEqualTo(new V1Request.Unknown(6, 1, ""));
            }
        }

        @Test
        void makeAReplyWhereTheyAreMissing() throws MalformedMessage {
            assertThat(Lines.request("{\"id\":1,\"result\":\"cgminer/4.11.1\",\"error\":null}"))
                    .isEqualTo(new V1Request.Reply(6, 1, "cgminer/4.11.1"));
            assertThat(Lines.request("{\"id\":1,\"result\":{\"a\":[1]}}"))
                    .isEqualTo(new V1Request.Reply(6, 1, ""));
            assertThat(Lines.request("{}")).isEqualTo(new V1Request.Reply(0, 0, ""));
        }

        @Test
        void mayAskToClose() throws MalformedMessage {
            assertThat(Lines.request("{\"id\":1,\"method\":\"mining.term\",\"params\":[]}"))
                    .isInstanceOf(V1Request.Term.class);
        }
    }

    @Nested
    final class Params {
        @Test
        void mayBeMissingOrNull() throws MalformedMessage {
            for (var params :
                    List.of("", ",\"params\":null", ",\"params\":[]", ",\"params\":[null]")) {
                var request =
                        Lines.request("{\"id\":1,\"method\":\"mining.subscribe\"" + params + "}");

                assertThat(request).isEqualTo(new V1Request.Subscribe(6, 1, "", ""));
            }
        }

        @Test
        void ofSubscribeAreCleanedForDisplay() throws MalformedMessage {
            var line =
                    "{\"id\":1,\"method\":\"mining.subscribe\",\"params\":[\"cg\\u001b[31m"
                            + "a".repeat(200)
                            + "\",\"f000000d\"]}";

            var subscribe = (V1Request.Subscribe) Lines.request(line);

            assertThat(subscribe.agent()).hasSize(128).startsWith("cg?[31ma");
            assertThat(subscribe.sessionId()).isEqualTo("f000000d");
        }

        @Test
        void ofAuthorizeTolerateAnyPassword() throws MalformedMessage {
            assertThat(authorize("\"u.r\"")).isEqualTo(new V1Request.Authorize(6, 1, "u.r", ""));
            assertThat(authorize("\"u\",null")).isEqualTo(new V1Request.Authorize(6, 1, "u", ""));
            assertThat(authorize("\"u\",123")).isEqualTo(new V1Request.Authorize(6, 1, "u", "123"));
            assertThat(authorize("\"u\",[1]")).isEqualTo(new V1Request.Authorize(6, 1, "u", ""));
            assertThat(authorize("\"u\\u0000\",\"d=5\""))
                    .isEqualTo(new V1Request.Authorize(6, 1, "u\0", "d=5"));
            assertThat(authorize("7")).isInstanceOf(V1Request.Invalid.class);
            assertThat(authorize("")).isInstanceOf(V1Request.Invalid.class);
        }

        @Test
        void ofASuggestedDifficultyAreNumbersInAnyForm() throws MalformedMessage {
            assertThat(difficulty("mining.suggest_difficulty", "[1024]"))
                    .isEqualByComparingTo("1024");
            assertThat(difficulty("mining.suggest_difficulty", "[0.00015]"))
                    .isEqualByComparingTo("0.00015");
            assertThat(difficulty("mining.suggest_difficulty", "[\"5e2\"]"))
                    .isEqualByComparingTo("500");
            assertThat(difficulty("mining.suggest_difficulty(512)", "[]"))
                    .isEqualByComparingTo("512");
            assertThat(difficulty("mining.suggest_difficulty", "[1e1000000]"))
                    .isEqualByComparingTo("1e30");
            assertThat(difficulty("mining.suggest_difficulty", "[1e99999999999999]"))
                    .isEqualByComparingTo("1e30");
            assertThat(difficulty("mining.suggest_difficulty", "[1e-99999999999999]"))
                    .isEqualByComparingTo("1e-30");
        }

        @Test
        void ofASuggestedDifficultyAreIgnoredWhereTheyAreNone() throws MalformedMessage {
            for (var wish :
                    List.of(
                            "[]",
                            "[0]",
                            "[-1]",
                            "[[1]]",
                            "[null]",
                            "[\"Infinity\"]",
                            "[\"0x1p4\"]",
                            "[\"16d\"]",
                            "[\"\"]",
                            "[\"1e\"]",
                            "[\"0e99\"]")) {
                assertThat(difficulty("mining.suggest_difficulty", wish)).as(wish).isZero();
            }
            assertThat(difficulty("mining.suggest_difficulty()", "[]")).isZero();
            assertThat(difficulty("mining.suggest_difficulty(x)", "[]")).isZero();
        }

        @Test
        void ofASuggestedTargetAre64Digits() throws MalformedMessage {
            String one = "0".repeat(63) + "1";
            assertThat(target("[\"" + one + "\"]")).isEqualTo(BigInteger.ONE);
            assertThat(target("[\"" + one + "0\"]")).isZero();
            assertThat(target("[\"" + one.substring(1) + "\"]")).isZero();
            assertThat(target("[\"" + one.replace('1', 'g') + "\"]")).isZero();
            assertThat(target("[5]")).isZero();
            var capabilities =
                    (V1Request.Capabilities)
                            Lines.request(
                                    "{\"id\":null,\"method\":\"mining.capabilities\","
                                            + "\"params\":[{\"notify\":[],\"malgo\":{\"a\":1},"
                                            + "\"suggested_target\":\""
                                            + one
                                            + "\"}]}");
            assertThat(capabilities.suggestedTarget()).isEqualTo(BigInteger.ONE);
        }

        private V1Request authorize(String params) throws MalformedMessage {
            return Lines.request(
                    "{\"id\":1,\"method\":\"mining.authorize\",\"params\":[" + params + "]}");
        }

        private BigDecimal difficulty(String method, String params) throws MalformedMessage {
            var request =
                    Lines.request(
                            "{\"id\":1,\"method\":\"" + method + "\",\"params\":" + params + "}");
            return ((V1Request.SuggestDifficulty) request).difficulty();
        }

        private BigInteger target(String params) throws MalformedMessage {
            var request =
                    Lines.request(
                            "{\"id\":1,\"method\":\"mining.suggest_target\",\"params\":"
                                    + params
                                    + "}");
            return ((V1Request.SuggestTarget) request).target();
        }
    }

    @Nested
    final class Submits {
        @Test
        void areRefusedWithWordsThatAPersonUnderstands() throws MalformedMessage {
            assertThat(wrong("\"u\",\"1\",\"00\",\"1\""))
                    .isEqualTo("mining.submit takes 5 or 6 parameters");
            assertThat(wrong("\"u\",\"1\",\"00\",\"1\",\"1\",\"0\",\"x\"")).contains("5 or 6");
            assertThat(wrong("null,\"1\",\"00\",\"1\",\"1\"")).contains("user name");
            assertThat(wrong("\"\\ud800\",\"1\",\"00\",\"1\",\"1\"")).contains("user name");
            assertThat(wrong("\"" + "u".repeat(1_025) + "\",\"1\",\"00\",\"1\",\"1\""))
                    .contains("user name");
            assertThat(wrong("\"u\",1,\"00\",\"1\",\"1\"")).contains("job id");
            assertThat(wrong("\"u\",\"1\",\"000\",\"1\",\"1\"")).contains("extranonce2");
            assertThat(wrong("\"u\",\"1\",\"" + "00".repeat(33) + "\",\"1\",\"1\""))
                    .contains("extranonce2");
            assertThat(wrong("\"u\",\"1\",0,\"1\",\"1\"")).contains("extranonce2");
            assertThat(wrong("\"u\",\"1\",\"00\",\"\",\"1\"")).contains("ntime");
            assertThat(wrong("\"u\",\"1\",\"00\",4294967296,\"1\"")).contains("ntime");
            assertThat(wrong("\"u\",\"1\",\"00\",1.0,\"1\"")).contains("ntime");
            assertThat(wrong("\"u\",\"1\",\"00\",-0,\"1\"")).contains("ntime");
            assertThat(wrong("\"u\",\"1\",\"00\",\"1\",\"123456789\"")).contains("nonce");
            assertThat(wrong("\"u\",\"1\",\"00\",\"1\",\"1\",null")).contains("version bits");
            assertThat(wrong("\"u\",\"1\",\"00\",\"1\",\"1\",5")).contains("version bits");
        }

        private String wrong(String params) throws MalformedMessage {
            var request =
                    Lines.request(
                            "{\"id\":1,\"method\":\"mining.submit\",\"params\":[" + params + "]}");
            var invalid = (V1Request.Invalid) request;
            assertThat(invalid.method()).isEqualTo(V1Method.SUBMIT);
            assertThat(invalid.isAnswered()).isTrue();
            return invalid.text();
        }
    }

    @Nested
    final class Limits {
        @Test
        void holdForDepth() throws MalformedMessage {
            assertPasses("{\"x\":" + "[".repeat(7) + "]".repeat(7) + "}");
            assertCloses("{\"x\":" + "[".repeat(8) + "]".repeat(8) + "}");
            assertPasses("{\"params\":" + "[".repeat(7) + "]".repeat(7) + "}");
            assertCloses("{\"params\":" + "[".repeat(8) + "]".repeat(8) + "}");
            assertCloses("{\"id\":" + "[".repeat(8) + "]".repeat(8) + "}");
        }

        @Test
        void holdForTokens() throws MalformedMessage {
            assertPasses("{\"params\":[" + "1,".repeat(250) + "1]}");
            assertCloses("{\"params\":[" + "1,".repeat(251) + "1]}");
        }

        @Test
        void holdForStrings() throws MalformedMessage {
            for (var member : List.of("method", "x", "result")) {
                assertPasses("{\"" + member + "\":\"" + "a".repeat(8_192) + "\"}");
                assertCloses("{\"" + member + "\":\"" + "a".repeat(8_193) + "\"}");
            }
        }

        @Test
        void holdForNumbers() throws MalformedMessage {
            for (var member : List.of("method", "x", "params")) {
                assertPasses("{\"" + member + "\":" + "9".repeat(32) + "}");
                assertCloses("{\"" + member + "\":" + "9".repeat(33) + "}");
                assertPasses("{\"" + member + "\":[-0." + "9".repeat(29) + "]}");
                assertCloses("{\"" + member + "\":[-0." + "9".repeat(30) + "]}");
            }
        }

        @Test
        void holdForNames() throws MalformedMessage {
            assertPasses("{\"" + "n".repeat(64) + "\":1}");
            assertCloses("{\"" + "n".repeat(65) + "\":1}");
            assertPasses("{\"" + "\u20ac".repeat(64) + "\":1}");
            assertPasses("{\"params\":[{\"" + "n".repeat(64) + "\":1}]}");
            assertCloses("{\"params\":[{\"" + "n".repeat(65) + "\":1}]}");
        }

        @Test
        void holdForLines() throws MalformedMessage {
            assertPasses("{}" + " ".repeat(16_382));
            assertCloses("{}" + " ".repeat(16_383));
        }

        @Test
        void holdForMembersThatAppearTwice() {
            assertCloses("{\"id\":1,\"id\":1}");
            assertCloses("{\"method\":\"a\",\"params\":[{\"b\":1,\"b\":2}]}");
            assertCloses("{\"id\":{\"a\":1,\"\\u0061\":1}}");
            assertCloses(
                    "{\"id\":4,\"method\":\"mining.submit\",\"method\":\"mining.submit\","
                            + "\"params\":[\"u\",\"1\",\"00\",\"1\",\"1\"]}");
        }

        @Test
        void holdForTheMemoryOfNames() throws MalformedMessage {
            var decoder = new V1Decoder();
            for (int i = 0; i < 2_000; i++) {
                var text = new StringBuilder("{\"id\":1,\"method\":\"mining.ping\"");
                for (int k = 0; k < 100; k++) {
                    text.append(",\"").append(i * 100 + k).append("AaBB\":1");
                }
                var line = text.append('}').toString().getBytes(UTF_8);

                assertThat(decoder.decode(line, 0, line.length)).isInstanceOf(V1Request.Ping.class);
            }
        }

        private void assertPasses(String text) throws MalformedMessage {
            assertThat(Lines.request(text)).isNotNull();
        }

        private void assertCloses(String text) {
            assertThatThrownBy(() -> Lines.request(text)).isInstanceOf(MalformedMessage.class);
        }
    }
}
