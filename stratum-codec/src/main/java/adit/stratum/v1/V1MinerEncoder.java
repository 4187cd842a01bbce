package adit.stratum.v1;

import java.util.List;

import io.netty.buffer.ByteBuf;

/// Writes what a miner sends, one whole line with its line feed a call.
public final class V1MinerEncoder {
    private V1MinerEncoder() {}

    /// Asks for version rolling with this mask, and for `set_extranonce` if wished.
    public static void configure(ByteBuf out, long id, int mask, boolean subscribeExtranonce) {
        call(out, id, "mining.configure");
        JsonOut.ascii(out, "[\"version-rolling\"");
        JsonOut.ascii(out, subscribeExtranonce ? ",\"subscribe-extranonce\"]" : "]");
        JsonOut.ascii(out, ",{\"version-rolling.mask\":");
        JsonOut.hex8(out, mask);
        JsonOut.ascii(out, ",\"version-rolling.min-bit-count\":2}");
        V1Encoder.paramsEnd(out);
    }

    /// An empty session id asks for a fresh session.
    public static void subscribe(ByteBuf out, long id, String agent, String sessionId) {
        call(out, id, "mining.subscribe");
        strings(out, sessionId.isEmpty() ? List.of(agent) : List.of(agent, sessionId));
        V1Encoder.paramsEnd(out);
    }

    public static void authorize(ByteBuf out, long id, String user, String password) {
        call(out, id, "mining.authorize");
        strings(out, List.of(user, password));
        V1Encoder.paramsEnd(out);
    }

    public static void submit(ByteBuf out, long id, String user, V1Submission submission) {
        call(out, id, "mining.submit");
        JsonOut.string(out, user);
        JsonOut.ascii(out, ",\"");
        V1Hex.putJobId(out, submission.jobId());
        JsonOut.ascii(out, "\",");
        JsonOut.hex(out, submission.extranonce());
        out.writeByte(',');
        JsonOut.hex8(out, submission.ntime());
        out.writeByte(',');
        JsonOut.hex8(out, submission.nonce());
        if (submission.hasVersionBits()) {
            out.writeByte(',');
            JsonOut.hex8(out, submission.versionBits());
        }
        V1Encoder.paramsEnd(out);
    }

    public static void suggestDifficulty(ByteBuf out, long id, String decimal) {
        call(out, id, "mining.suggest_difficulty");
        JsonOut.ascii(out, decimal);
        V1Encoder.paramsEnd(out);
    }

    public static void extranonceSubscribe(ByteBuf out, long id) {
        call(out, id, "mining.extranonce.subscribe");
        V1Encoder.paramsEnd(out);
    }

    /// Answers a call of the pool with a string: its agent to `client.get_version`, `pong` to `mining.ping`.
    public static void reply(ByteBuf out, long id, String result) {
        JsonOut.ascii(out, "{\"id\":");
        JsonOut.number(out, id);
        JsonOut.ascii(out, ",\"result\":");
        JsonOut.string(out, result);
        JsonOut.ascii(out, ",\"error\":null}\n");
    }

    private static void call(ByteBuf out, long id, String method) {
        JsonOut.ascii(out, "{\"id\":");
        JsonOut.number(out, id);
        JsonOut.ascii(out, ",\"method\":\"");
        JsonOut.ascii(out, method);
        JsonOut.ascii(out, "\",\"params\":[");
    }

    private static void strings(ByteBuf out, List<String> strings) {
        for (int i = 0; i < strings.size(); i++) {
            if (i > 0) {
                out.writeByte(',');
            }
            JsonOut.string(out, strings.get(i));
        }
    }
}
