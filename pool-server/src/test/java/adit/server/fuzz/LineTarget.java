package adit.server.fuzz;

import java.util.Arrays;

import adit.stratum.MalformedMessage;
import adit.stratum.v1.Submit;
import adit.stratum.v1.V1Decoder;
import adit.stratum.v1.V1Request;

import static java.nio.charset.StandardCharsets.UTF_8;

/// The V1 line decoder fed with anything: only [MalformedMessage] may come out, and a submit that the quick scanner
/// takes means the same to the parser that can read any line.
public final class LineTarget {

    /// A member before the others is more than the scanner takes, and nothing to the parser.
    private static final byte[] DETOUR = "{\"zz\":0,".getBytes(UTF_8);

    private static final V1Decoder DECODER = new V1Decoder();

    private LineTarget() {}

    public static void fuzzerTestOneInput(byte[] line) {
        try {
            var request = DECODER.decode(line, 0, line.length);
            Check.that(request.idOffset() >= 0, "an id stands in the line");
            Check.that(request.idOffset() + request.idLength() <= line.length, "and ends in it");
            if (request instanceof Submit submit) {
                var seen = Seen.of(submit, line);
                var detour = detour(line);
                // A line that has such a member already says something else.
                if (detour.length <= 4096 && !new String(line, UTF_8).contains("zz")) {
                    Check.that(seen.equals(parsed(detour)), "two ways to read a line differ");
                }
            }
        } catch (MalformedMessage expected) {
            return;
        }
    }

    private static Object parsed(byte[] line) {
        try {
            V1Request request = DECODER.decode(line, 0, line.length);
            return request instanceof Submit submit ? Seen.of(submit, line) : request;
        } catch (MalformedMessage refused) {
            return refused;
        }
    }

    private static byte[] detour(byte[] line) {
        int brace = 0;
        while (line[brace] != '{') {
            brace++;
        }
        var longer = Arrays.copyOf(DETOUR, DETOUR.length + line.length - brace - 1);
        System.arraycopy(line, brace + 1, longer, DETOUR.length, line.length - brace - 1);
        return longer;
    }

    /// What a submit says, as text.
    private record Seen(
            String id,
            String user,
            long jobId,
            int jobIdLength,
            String extranonce,
            int ntime,
            int nonce,
            int versionBits) {

        static Seen of(Submit submit, byte[] line) {
            return new Seen(
                    new String(line, submit.idOffset(), submit.idLength(), UTF_8),
                    new String(submit.userBytes(), submit.userOffset(), submit.userLength(), UTF_8),
                    submit.jobId(),
                    submit.jobIdLength(),
                    Arrays.toString(Arrays.copyOf(submit.extranonce(), submit.extranonceLength())),
                    submit.ntime(),
                    submit.nonce(),
                    submit.versionBits());
        }
    }
}
