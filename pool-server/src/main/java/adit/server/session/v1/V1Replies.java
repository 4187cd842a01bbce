package adit.server.session.v1;

import io.netty.buffer.ByteBuf;

import adit.server.channel.Verdict;
import adit.stratum.v1.V1Encoder;
import adit.stratum.v1.V1Error;

/// Verdicts in V1's words.
///
/// **Limits:** with the errors of a session ten sentences in all, always the same. AxeOS keeps a table of refusals by their
/// text; with an eleventh released versions write past its end, so no text says what was asked and what was reached.
final class V1Replies {
    private V1Replies() {}

    static void write(ByteBuf out, Verdict verdict, byte[] line, int idOffset, int idLength) {
        switch (verdict) {
            case ACCEPTED -> V1Encoder.resultTrue(out, line, idOffset, idLength);
            case UNAUTHORIZED ->
                    error(
                            out,
                            line,
                            idOffset,
                            idLength,
                            V1Error.UNAUTHORIZED,
                            V1Error.UNAUTHORIZED.text());
            case MALFORMED ->
                    error(out, line, idOffset, idLength, V1Error.OTHER, "Wrong extranonce2 length");
            case UNKNOWN_JOB ->
                    error(out, line, idOffset, idLength, V1Error.JOB_NOT_FOUND, "Job not found");
            case VERSION_BITS ->
                    error(out, line, idOffset, idLength, V1Error.OTHER, "Invalid version mask");
            case STALE -> error(out, line, idOffset, idLength, V1Error.STALE, "Stale");
            case NTIME_OUT_OF_RANGE ->
                    error(out, line, idOffset, idLength, V1Error.OTHER, "ntime out of range");
            case LOW_DIFFICULTY ->
                    error(
                            out,
                            line,
                            idOffset,
                            idLength,
                            V1Error.LOW_DIFFICULTY,
                            "Low difficulty share");
            case DUPLICATE ->
                    error(out, line, idOffset, idLength, V1Error.DUPLICATE, "Duplicate share");
            case UNAVAILABLE ->
                    error(
                            out,
                            line,
                            idOffset,
                            idLength,
                            V1Error.OTHER,
                            "Temporarily unavailable: share not recorded");
        }
    }

    private static void error(
            ByteBuf out, byte[] line, int idOffset, int idLength, V1Error error, String text) {
        V1Encoder.error(out, line, idOffset, idLength, error, text);
    }
}
