package adit.stratum.v1;

import java.util.HexFormat;

import static java.nio.charset.StandardCharsets.UTF_8;

/// What a [Submit] said, kept for comparing after its decoder has gone on to the next line.
record SubmitValues(
        String id,
        String user,
        long jobId,
        int jobIdLength,
        String extranonce,
        int ntime,
        int nonce,
        boolean hasVersionBits,
        int versionBits) {

    static SubmitValues of(byte[] line, Submit submit) {
        return new SubmitValues(
                new String(line, submit.idOffset(), submit.idLength(), UTF_8),
                new String(submit.userBytes(), submit.userOffset(), submit.userLength(), UTF_8),
                submit.jobId(),
                submit.jobIdLength(),
                HexFormat.of().formatHex(submit.extranonce(), 0, submit.extranonceLength()),
                submit.ntime(),
                submit.nonce(),
                submit.hasVersionBits(),
                submit.versionBits());
    }
}
