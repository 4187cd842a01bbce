package adit.stratum.v1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

import static java.nio.charset.StandardCharsets.US_ASCII;

/// A `mining.notify` line that is encoded once for a job and then sent to all connections.
///
/// Only two things differ from one connection to the next: the re-issue, and `clean_jobs` at the end. The
/// re-issue stands in the last two digits of the job id and again as the last byte of the first half of the
/// coinbase, so that no two re-issues of a job share any work.
///
/// ```
/// {"id":null,"method":"mining.notify","params":["00000012ab","0a8c…","0200…0dab","0541…", … ,true]}
///                                    suffixOffset ──┘      coinbaseOffset ──┘  cleanOffset ──┘
/// ```
///
/// **Owner:** anyone; immutable. **Invariant:** nobody writes to [#bytes()].
public final class V1NotifyLine {
    private static final byte[] CLEAN = "true]}\n".getBytes(US_ASCII);
    private static final byte[] NOT_CLEAN = "false]}\n".getBytes(US_ASCII);
    private static final int REISSUES = 256;
    private static final int SUFFIX_DIGITS = 2;

    /// What stands between the two places of the re-issue: `","`, the previous hash, `","`.
    private static final int BETWEEN_ID_AND_COINBASE = 3 + 64 + 3;

    private static final int BETWEEN_COINBASE_HALVES = 3;

    private final byte[] bytes;
    private final int suffixOffset;
    private final int coinbaseOffset;

    private V1NotifyLine(byte[] bytes, int suffixOffset, int coinbaseOffset) {
        this.bytes = bytes;
        this.suffixOffset = suffixOffset;
        this.coinbaseOffset = coinbaseOffset;
    }

    /// The line up to `clean_jobs`, which is left to [#writeTo(ByteBuf, int, boolean)].
    ///
    /// @param job whose coinbase prefix ends with the byte kept free for the re-issue
    public static V1NotifyLine of(V1Notify job) {
        Check.that(job.coinbasePrefix().length > 0, "the coinbase prefix ends with the re-issue");
        var out = Unpooled.buffer(2_048);
        int suffixOffset = writeHead(out, job);
        var bytes = new byte[out.readableBytes()];
        out.readBytes(bytes);
        int coinbaseStart = suffixOffset + SUFFIX_DIGITS + BETWEEN_ID_AND_COINBASE;
        int coinbaseOffset = coinbaseStart + 2 * (job.coinbasePrefix().length - 1);
        return new V1NotifyLine(bytes, suffixOffset, coinbaseOffset);
    }

    /// The line of the same job with another second half of the coinbase.
    public V1NotifyLine withCoinbaseSuffix(byte[] coinbaseSuffix) {
        int start = coinbaseOffset + SUFFIX_DIGITS + BETWEEN_COINBASE_HALVES;
        int end = start;
        while (bytes[end] != '"') {
            end++;
        }
        int digits = 2 * coinbaseSuffix.length;
        var other = new byte[start + digits + bytes.length - end];
        System.arraycopy(bytes, 0, other, 0, start);
        V1Hex.put(Unpooled.wrappedBuffer(other).writerIndex(start), coinbaseSuffix);
        System.arraycopy(bytes, end, other, start + digits, bytes.length - end);
        return new V1NotifyLine(other, suffixOffset, coinbaseOffset);
    }

    /// Writes the whole line for one connection.
    public void writeTo(ByteBuf out, int reissue, boolean cleanJobs) {
        Check.that(reissue >= 0 && reissue < REISSUES, "a re-issue suffix has two hex digits");
        int afterSuffix = suffixOffset + SUFFIX_DIGITS;
        int afterCoinbase = coinbaseOffset + SUFFIX_DIGITS;
        out.ensureWritable(bytes.length + NOT_CLEAN.length);
        out.writeBytes(bytes, 0, suffixOffset);
        V1Hex.putNumber(out, reissue, SUFFIX_DIGITS);
        out.writeBytes(bytes, afterSuffix, coinbaseOffset - afterSuffix);
        V1Hex.putNumber(out, reissue, SUFFIX_DIGITS);
        out.writeBytes(bytes, afterCoinbase, bytes.length - afterCoinbase);
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

    /// Where the two digits of the re-issue stand in the coinbase.
    public int coinbaseOffset() {
        return coinbaseOffset;
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
