package adit.stratum.v1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

import static java.nio.charset.StandardCharsets.US_ASCII;

/// A `mining.notify` line that is encoded once for a job and then sent to all connections.
///
/// Only three things differ from one connection to the next: the last two digits of the job id, which tell
/// re-issues apart, the ntime a re-issue begins with, and `clean_jobs` at the end.
///
/// ```
/// {"id":null,"method":"mining.notify","params":["00000012ab ... ","6623a0b4",true]}
///                                    suffixOffset ──┘           cleanOffset ──┘
/// ```
///
/// **Owner:** anyone; immutable. **Invariant:** nobody writes to [#bytes()].
public final class V1NotifyLine {
    private static final byte[] CLEAN = "true]}\n".getBytes(US_ASCII);
    private static final byte[] NOT_CLEAN = "false]}\n".getBytes(US_ASCII);
    private static final int REISSUES = 256;
    private static final int NTIME_AND_COMMA = "\"6623a0b4\",".length();

    private final byte[] bytes;
    private final int suffixOffset;

    private V1NotifyLine(byte[] bytes, int suffixOffset) {
        this.bytes = bytes;
        this.suffixOffset = suffixOffset;
    }

    /// The line up to `clean_jobs`, which is left to [#writeTo(ByteBuf, int, int, boolean)].
    public static V1NotifyLine of(V1Notify job) {
        var out = Unpooled.buffer(2_048);
        int suffixOffset = writeHead(out, job);
        var bytes = new byte[out.readableBytes()];
        out.readBytes(bytes);
        return new V1NotifyLine(bytes, suffixOffset);
    }

    /// Writes the whole line for one connection.
    ///
    /// @param ntime where this re-issue's time begins
    public void writeTo(ByteBuf out, int reissue, int ntime, boolean cleanJobs) {
        Check.that(reissue >= 0 && reissue < REISSUES, "a re-issue suffix has two hex digits");
        int ntimeOffset = bytes.length - NTIME_AND_COMMA;
        out.ensureWritable(bytes.length + NOT_CLEAN.length);
        out.writeBytes(bytes, 0, suffixOffset);
        V1Hex.putNumber(out, reissue, 2);
        out.writeBytes(bytes, suffixOffset + 2, ntimeOffset - suffixOffset - 2);
        JsonOut.hex8(out, ntime);
        out.writeByte(',');
        out.writeBytes(cleanJobs ? CLEAN : NOT_CLEAN);
    }

    /// The line as far as it is shared: all before `clean_jobs`.
    public byte[] bytes() {
        return bytes;
    }

    /// Where the two digits of the re-issue suffix stand.
    public int suffixOffset() {
        return suffixOffset;
    }

    /// Where the shared part ends and `clean_jobs` begins.
    public int cleanOffset() {
        return bytes.length;
    }

    /// How long the line is on the wire.
    public int length(boolean cleanJobs) {
        return bytes.length + (cleanJobs ? CLEAN : NOT_CLEAN).length;
    }

    static void write(ByteBuf out, V1Notify job) {
        writeHead(out, job);
        out.writeBytes(job.cleanJobs() ? CLEAN : NOT_CLEAN);
    }

    private static int writeHead(ByteBuf out, V1Notify job) {
        int start = out.writerIndex();
        V1Encoder.notification(out, "mining.notify");
        out.writeByte('"');
        V1Hex.putJobId(out, job.jobId());
        int suffixOffset = out.writerIndex() - 2 - start;
        JsonOut.ascii(out, "\",");
        JsonOut.hex(out, V1Hex.swapWords(job.previousHash()));
        out.writeByte(',');
        JsonOut.hex(out, job.coinbasePrefix());
        out.writeByte(',');
        JsonOut.hex(out, job.coinbaseSuffix());
        JsonOut.ascii(out, ",[");
        for (int i = 0; i < job.branch().size(); i++) {
            if (i > 0) {
                out.writeByte(',');
            }
            JsonOut.hex(out, job.branch().get(i));
        }
        JsonOut.ascii(out, "],");
        JsonOut.hex8(out, job.version());
        out.writeByte(',');
        JsonOut.hex8(out, job.nBits());
        out.writeByte(',');
        JsonOut.hex8(out, job.ntime());
        out.writeByte(',');
        return suffixOffset;
    }
}
