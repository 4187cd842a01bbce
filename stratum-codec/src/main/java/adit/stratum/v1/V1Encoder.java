package adit.stratum.v1;

import java.util.List;

import io.netty.buffer.ByteBuf;

import static java.nio.charset.StandardCharsets.US_ASCII;

/// Writes what a pool sends, one whole line with its line feed a call.
///
/// Ids are given as the bytes they were sent with, `null` being length 0. Difficulties are given as decimal text:
/// firmware wants plain digits, never `65536.0` or an exponent.
///
/// **Spec:** `id`, `result` and `error` are always there; an error is exactly `[code,"text",null]`.
public final class V1Encoder {
    private static final byte[] ID = "{\"id\":".getBytes(US_ASCII);
    private static final byte[] TRUE = ",\"result\":true,\"error\":null}\n".getBytes(US_ASCII);
    private static final byte[] ERROR = ",\"result\":null,\"error\":[".getBytes(US_ASCII);
    private static final byte[] REFUSED = ",\"result\":false,\"error\":[".getBytes(US_ASCII);
    private static final byte[] ERROR_END = ",null]}\n".getBytes(US_ASCII);

    private V1Encoder() {}

    public static void resultTrue(ByteBuf out, byte[] id, int offset, int length) {
        out.writeBytes(ID);
        JsonOut.id(out, id, offset, length);
        out.writeBytes(TRUE);
    }

    /// An error with `result` null.
    public static void error(
            ByteBuf out, byte[] id, int offset, int length, V1Error error, String text) {
        out.writeBytes(ID);
        JsonOut.id(out, id, offset, length);
        out.writeBytes(ERROR);
        errorEnd(out, error, text);
    }

    /// An error with `result` false, the form in which a failed authorize shows its reason everywhere.
    public static void refused(
            ByteBuf out, byte[] id, int offset, int length, V1Error error, String text) {
        out.writeBytes(ID);
        JsonOut.id(out, id, offset, length);
        out.writeBytes(REFUSED);
        errorEnd(out, error, text);
    }

    /// Answers `mining.subscribe`; the session id is what the miner may send back to resume.
    public static void subscribeResult(
            ByteBuf out,
            byte[] id,
            int offset,
            int length,
            String sessionId,
            byte[] extranoncePrefix,
            int extranonceBytes) {
        resultStart(out, id, offset, length);
        JsonOut.ascii(out, "[[[\"mining.set_difficulty\",");
        JsonOut.string(out, sessionId);
        JsonOut.ascii(out, "],[\"mining.notify\",");
        JsonOut.string(out, sessionId);
        JsonOut.ascii(out, "]],");
        JsonOut.hex(out, extranoncePrefix);
        out.writeByte(',');
        JsonOut.number(out, extranonceBytes);
        out.writeByte(']');
        resultEnd(out);
    }

    /// Answers `mining.configure`: one key for each extension that was asked for, and no other. The mask must
    /// have bits, because firmware takes a mask without any as a failure.
    public static void configureResult(
            ByteBuf out,
            byte[] id,
            int offset,
            int length,
            List<V1Extension> extensions,
            int grantedMask,
            boolean isMinimumDifficultyApplied) {
        resultStart(out, id, offset, length);
        char separator = '{';
        for (var extension : extensions) {
            out.writeByte(separator);
            separator = ',';
            switch (extension) {
                case V1Extension.VersionRolling _ -> {
                    Check.that(grantedMask != 0, "a granted mask must have bits");
                    JsonOut.ascii(out, "\"version-rolling\":true,\"version-rolling.mask\":");
                    JsonOut.hex8(out, grantedMask);
                }
                case V1Extension.MinimumDifficulty _ ->
                        JsonOut.ascii(out, "\"minimum-difficulty\":" + isMinimumDifficultyApplied);
                case V1Extension.SubscribeExtranonce _ ->
                        JsonOut.ascii(out, "\"subscribe-extranonce\":true");
                case V1Extension.MinerInfo _ -> JsonOut.ascii(out, "\"info\":true");
                case V1Extension.Other other -> {
                    JsonOut.string(out, other.code());
                    JsonOut.ascii(out, ":false");
                }
            }
        }
        JsonOut.ascii(out, separator == '{' ? "{}" : "}");
        resultEnd(out);
    }

    /// A result that is a list of strings, empty for `mining.get_transactions`.
    public static void resultStrings(
            ByteBuf out, byte[] id, int offset, int length, List<String> strings) {
        resultStart(out, id, offset, length);
        out.writeByte('[');
        for (int i = 0; i < strings.size(); i++) {
            if (i > 0) {
                out.writeByte(',');
            }
            JsonOut.string(out, strings.get(i));
        }
        out.writeByte(']');
        resultEnd(out);
    }

    /// Answers `mining.ping`.
    public static void resultPong(ByteBuf out, byte[] id, int offset, int length) {
        resultStart(out, id, offset, length);
        JsonOut.ascii(out, "\"pong\"");
        resultEnd(out);
    }

    public static void setDifficulty(ByteBuf out, String decimal) {
        notification(out, "mining.set_difficulty");
        JsonOut.ascii(out, decimal);
        paramsEnd(out);
    }

    public static void notify(ByteBuf out, V1Notify job) {
        V1NotifyLine.write(out, job);
    }

    public static void setVersionMask(ByteBuf out, int mask) {
        notification(out, "mining.set_version_mask");
        JsonOut.hex8(out, mask);
        paramsEnd(out);
    }

    /// Asks the miner to connect again to where it is connected now.
    public static void reconnect(ByteBuf out) {
        notification(out, "client.reconnect");
        paramsEnd(out);
    }

    public static void reconnect(ByteBuf out, String host, int port, int waitSeconds) {
        notification(out, "client.reconnect");
        JsonOut.string(out, host);
        out.writeByte(',');
        JsonOut.number(out, port);
        out.writeByte(',');
        JsonOut.number(out, waitSeconds);
        paramsEnd(out);
    }

    public static void showMessage(ByteBuf out, String text) {
        notification(out, "client.show_message");
        JsonOut.string(out, text);
        paramsEnd(out);
    }

    public static void getVersion(ByteBuf out, long id) {
        call(out, id, "client.get_version");
    }

    public static void ping(ByteBuf out, long id) {
        call(out, id, "mining.ping");
    }

    static void notification(ByteBuf out, String method) {
        JsonOut.ascii(out, "{\"id\":null,\"method\":\"");
        JsonOut.ascii(out, method);
        JsonOut.ascii(out, "\",\"params\":[");
    }

    static void paramsEnd(ByteBuf out) {
        JsonOut.ascii(out, "]}\n");
    }

    private static void call(ByteBuf out, long id, String method) {
        out.writeBytes(ID);
        JsonOut.number(out, id);
        JsonOut.ascii(out, ",\"method\":\"");
        JsonOut.ascii(out, method);
        JsonOut.ascii(out, "\",\"params\":[]}\n");
    }

    private static void resultStart(ByteBuf out, byte[] id, int offset, int length) {
        out.writeBytes(ID);
        JsonOut.id(out, id, offset, length);
        JsonOut.ascii(out, ",\"result\":");
    }

    private static void resultEnd(ByteBuf out) {
        JsonOut.ascii(out, ",\"error\":null}\n");
    }

    private static void errorEnd(ByteBuf out, V1Error error, String text) {
        JsonOut.number(out, error.code());
        out.writeByte(',');
        JsonOut.string(out, text);
        out.writeBytes(ERROR_END);
    }
}
