package adit.stratum.v1;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import adit.stratum.MalformedMessage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/// The published vectors of the Stratum V1 reference.
final class V1VectorsTest {
    private static final Map<String, Class<? extends V1Request>> BY_METHOD =
            Map.of(
                    "mining.subscribe", V1Request.Subscribe.class,
                    "mining.submit", Submit.class,
                    "mining.configure", V1Request.Configure.class,
                    "pong", V1Request.Pong.class,
                    "mining.suggest_difficulty", V1Request.SuggestDifficulty.class,
                    "mining.suggest_difficulty(512)", V1Request.SuggestDifficulty.class,
                    "mining.suggest_target", V1Request.SuggestTarget.class,
                    "mining.authorize", V1Request.Authorize.class,
                    "mining.extranonce.subscribe", V1Request.ExtranonceSubscribe.class,
                    "mining.multi_version", V1Request.MultiVersion.class);

    private final V1Decoder decoder = new V1Decoder();

    @Test
    void readsTheLinesOfEveryFirmware() throws MalformedMessage {
        for (var vector : Vectors.sv1("client_lines")) {
            String text = vector.get("line").asString();
            var tree = Vectors.JSON.readTree(text);

            var request = decode(text);

            String method = tree.get("method").asString();
            assertThat(request).as(text).isInstanceOf(BY_METHOD.get(method));
            assertThat(id(text, request))
                    .isEqualTo(tree.get("id").isNull() ? "" : tree.get("id").toString());
            if (request instanceof V1Request.Subscribe subscribe) {
                var params = tree.get("params");
                assertThat(subscribe.agent()).isEqualTo(textOf(params.get(0)));
                assertThat(subscribe.sessionId()).isEqualTo(textOf(params.get(1)));
            }
        }
    }

    @Test
    void tellsMalformedLinesFromThoseThatGetAnError() throws MalformedMessage {
        for (var vector : Vectors.sv1("malformed_lines")) {
            String text = vector.get("line").asString();
            String expect = vector.get("expect").asString();
            if (!text.startsWith("{") && !text.isEmpty()) {
                assertThatThrownBy(() -> decode(text))
                        .as(text)
                        .isInstanceOf(MalformedMessage.class);
                continue;
            }
            var request = decode(text);
            if (expect.contains("error 20")) {
                assertThat(request).as(text).isInstanceOf(V1Request.Invalid.class);
            } else if (expect.startsWith("unknown request")) {
                assertThat(request).as(text).isInstanceOf(V1Request.Unknown.class);
            } else if (expect.contains("swallow")) {
                assertThat(request).as(text).isInstanceOf(V1Request.Reply.class);
            } else if (expect.contains("verbatim")) {
                assertThat(text).as(text).contains("\"id\":" + id(text, request) + ",");
                assertThat(request).isInstanceOf(V1Request.Subscribe.class);
            } else {
                assertThat(request).as(text).isInstanceOf(V1Request.Nothing.class);
            }
        }
    }

    @Test
    void grantsTheMasksOfTheTable() throws MalformedMessage {
        for (var vector : Vectors.sv1("configure_masks")) {
            String text =
                    "{\"id\":1,\"method\":\"mining.configure\",\"params\":[[\"version-rolling\"],"
                            + "{\"version-rolling.mask\":\""
                            + vector.get("requested").asString()
                            + "\"}]}";
            int serverMask = HexFormat.fromHexDigits(vector.get("server_mask").asString());

            var configure = (V1Request.Configure) decode(text);

            var rolling = (V1Extension.VersionRolling) configure.extensions().getFirst();
            assertThat(String.format("%08x", rolling.grant(serverMask)))
                    .isEqualTo(vector.get("answer").asString());
        }
    }

    @Test
    void swapsTheWordsOfThePreviousHash() {
        for (var vector : Vectors.sv1("prevhash")) {
            var internal = HexFormat.of().parseHex(vector.get("internal").asString());
            var stratum = HexFormat.of().parseHex(vector.get("stratum").asString());

            assertThat(V1Hex.swapWords(internal)).isEqualTo(stratum);
            assertThat(V1Hex.swapWords(stratum)).isEqualTo(internal);
        }
    }

    @Test
    void readsTheSubmitsOfRealShares() throws MalformedMessage {
        for (var vector : Vectors.sv1("share_vectors")) {
            var params = vector.get("submit_params");

            var values = submit(params);

            assertThat(values.user()).isEqualTo(params.get(0).asString());
            assertThat(Long.toHexString(values.jobId()))
                    .isEqualTo(params.get(1).asString().replaceFirst("^0+(?=.)", ""));
            assertThat(values.jobIdLength()).isEqualTo(params.get(1).asString().length());
            assertThat(values.extranonce()).isEqualToIgnoringCase(params.get(2).asString());
            assertThat(values.ntime())
                    .isEqualTo(Integer.parseUnsignedInt(params.get(3).asString(), 16));
            assertThat(values.nonce())
                    .isEqualTo(Integer.parseUnsignedInt(params.get(4).asString(), 16));
            assertThat(values.hasVersionBits()).isEqualTo(params.size() == 6);
            assertThat(values.versionBits())
                    .isEqualTo(
                            params.size() == 6
                                    ? Integer.parseUnsignedInt(params.get(5).asString(), 16)
                                    : 0);
        }
    }

    @Test
    void readsEquivalentSubmitsAsTheSameShare() throws MalformedMessage {
        for (var vector : Vectors.sv1("equivalent_submits")) {
            var shares = new ArrayList<List<Object>>();
            for (var form : vector.get("params_forms")) {
                var v = submit(form);
                shares.add(
                        List.of(v.jobId(), v.extranonce(), v.ntime(), v.nonce(), v.versionBits()));
            }

            assertThat(shares).hasSizeGreaterThan(1).allMatch(shares.getFirst()::equals);
        }
    }

    @Test
    void readsAndWritesTheNotifiesOfRealTemplates() throws MalformedMessage {
        for (var vector : Vectors.sv1("gbt_to_notify")) {
            var params = vector.get("notify_params");
            String text = "{\"id\":null,\"method\":\"mining.notify\",\"params\":" + params + "}";
            var line = text.getBytes(UTF_8);

            var message =
                    (V1ServerMessage.Notify) new V1ServerDecoder().decode(line, 0, line.length);

            var display = vector.get("gbt").get("previousblockhash").asString();
            var internal = HexFormat.of().formatHex(message.job().previousHash());
            assertThat(reversed(internal)).isEqualTo(display);
            var out = Unpooled.buffer();
            V1Encoder.notify(out, message.job());
            assertThat(out.toString(UTF_8)).isEqualTo(text + "\n");
        }
    }

    private SubmitValues submit(JsonNode params) throws MalformedMessage {
        String text = "{\"id\":4,\"method\":\"mining.submit\",\"params\":" + params + "}";
        var line = text.getBytes(UTF_8);
        return SubmitValues.of(line, (Submit) decoder.decode(line, 0, line.length));
    }

    private V1Request decode(String text) throws MalformedMessage {
        var line = text.getBytes(UTF_8);
        return decoder.decode(line, 0, line.length);
    }

    private static String id(String line, V1Request request) {
        return line.substring(request.idOffset(), request.idOffset() + request.idLength());
    }

    private static String textOf(JsonNode node) {
        return node == null || node.isNull() ? "" : node.asString();
    }

    private static String reversed(String hex) {
        var bytes = HexFormat.of().parseHex(hex);
        var reversed = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            reversed[i] = bytes[bytes.length - 1 - i];
        }
        return HexFormat.of().formatHex(reversed);
    }
}
