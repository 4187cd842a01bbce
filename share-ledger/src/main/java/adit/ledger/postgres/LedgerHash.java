package adit.ledger.postgres;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/// The digests of the books, over one unambiguous spelling of a transaction.
///
/// ```
/// payload = sha256( text kind · i64 reverses · u32 n · n × line )            lines sorted: the same in any order
/// chain   = sha256( 32 previous · i64 id · text key · i64 effective µs · i64 posted µs · 32 payload
///                   · u32 n · n × line )                                      lines as booked
/// line    = text account code · i64 owner · i8 side · i64 msat
/// text    = u32 length · UTF-8
/// ```
/// `reverses` and `owner` are 0 where there is none; everything is big-endian.
final class LedgerHash {
    static final int BYTES = 32;

    private static final Comparator<Posting.Line> ORDER =
            Comparator.comparing(Posting.Line::account)
                    .thenComparing(Posting.Line::side)
                    .thenComparingLong(Posting.Line::amountMsat);

    private LedgerHash() {}

    static byte[] payload(String kind, long reverses, List<Posting.Line> lines) {
        return digest(out -> {
            text(out, kind);
            out.writeLong(reverses);
            lines(out, lines.stream().sorted(ORDER).toList());
        });
    }

    static byte[] chain(byte[] previous, Link link, List<Posting.Line> lines) {
        return digest(out -> {
            out.write(previous);
            out.writeLong(link.id);
            text(out, link.key);
            out.writeLong(Times.micros(link.effectiveAt));
            out.writeLong(Times.micros(link.postedAt));
            out.write(link.payload);
            lines(out, lines);
        });
    }

    /// The part of a transaction that is not its lines.
    @SuppressWarnings(
            "ArrayRecordComponent") // a digest, never mutated and never compared as a record
    record Link(long id, String key, Instant effectiveAt, Instant postedAt, byte[] payload) {}

    private static void lines(DataOutputStream out, List<Posting.Line> lines) throws IOException {
        out.writeInt(lines.size());
        for (Posting.Line line : lines) {
            text(out, line.account().code().code());
            out.writeLong(line.account().owner());
            out.writeByte(line.side().sign());
            out.writeLong(line.amountMsat());
        }
    }

    private static void text(DataOutputStream out, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static byte[] digest(Writing writing) {
        try {
            var bytes = new ByteArrayOutputStream();
            writing.to(new DataOutputStream(bytes));
            return MessageDigest.getInstance("SHA-256").digest(bytes.toByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private interface Writing {
        void to(DataOutputStream out) throws IOException;
    }
}
