package adit.ledger.journal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/// The bytes of a record.
///
/// ```
///  byte 0               4    5    6       8              12              16
///       +---------------+----+----+-------+---------------+---------------+
///     0 |    length     |type|ver.| flags |    crc32c     |    commit     |
///       +---------------+----+----+-------+---------------+---------------+
///    16 |           sequence              |         time, micros          |
///       +---------------------------------+-------------------------------+
///    32 | body, padded with zeros to a multiple of 8 bytes                |
///       +-----------------------------------------------------------------+
///  SHARE, 128 bytes:
///    32 |  account ref  |   worker ref    |            job ref            |
///    48 |       difficulty units          |     ntime     |     nonce     |
///    64 |    version    |late ms|cls|xn n | extranonce (32 bytes)         |
///    96 |  … extranonce                   | first 16 bytes of the hash    |
///   112 |  … hash                         |          connection           |
/// ```
/// *length* counts the whole record. *crc32c* covers the whole record, taken while its own field holds
/// the segment header's checksum. *commit* numbers the writes of an epoch: one write and one sync each,
/// the next only after the sync. *flags* bit 0 marks the last record of a commit. With both, damage in
/// synced records is told from a torn last write (see [SegmentScan]).
///
/// **Limits:** a record is at most [#MAX_BYTES] long.
final class RecordFormat {
    static final int LENGTH = 0;
    static final int TYPE = 4;
    static final int VERSION = 5;
    static final int FLAGS = 6;
    static final int CRC = 8;
    static final int COMMIT = 12;
    static final int SEQUENCE = 16;
    static final int TIME = 24;
    static final int BODY = 32;

    static final int SHARE_BYTES = 128;
    static final int SHARE_ACCOUNT = 32;
    static final int SHARE_WORKER = 36;
    static final int BLOCK_ACCOUNT = 80;
    static final int BLOCK_WORKER = 84;

    static final byte EPOCH = 1;
    static final byte ACCOUNT = 2;
    static final byte WORKER = 3;
    static final byte JOB = 4;
    static final byte SHARE = 5;
    static final byte TIP = 6;
    static final byte BLOCK_FOUND = 7;
    static final byte SEAL = 8;
    static final byte CLEAN_STOP = 9;
    static final byte COINBASE = 10;

    static final int FORMAT_VERSION = 1;
    static final int END_OF_COMMIT = 1;
    static final int ALIGNMENT = 8;
    static final int SEAL_BYTES = 40;

    static final int MAX_BYTES = 256 << 10;
    static final int MAX_NAME_BYTES = 255;
    static final int MAX_EXTRANONCE_BYTES = 32;
    static final int MAX_BRANCH_LEVELS = 32;
    static final int MAX_COINBASE_BYTES = 200 << 10;
    static final int HASH_BYTES = 32;
    static final int HASH_HALF_BYTES = 16;

    private static final int MAX_LATENESS_MILLIS = 0xffff;

    private RecordFormat() {}

    /// Writes the record at the buffer's position, its header still without commit, sequence, time and
    /// checksum: [CommitBuffer] stamps those. The buffer is little-endian.
    static void encode(JournalRecord entry, ByteBuffer to) {
        int start = to.position();
        to.position(start + BODY);
        byte type = putBody(entry, to);
        while ((to.position() - start) % ALIGNMENT != 0) {
            to.put((byte) 0);
        }
        putHeader(to, start, to.position() - start, type);
    }

    private static byte putBody(JournalRecord entry, ByteBuffer to) {
        return switch (entry) {
            case JournalRecord.Share share -> putShare(share, to);
            case JournalRecord.Account account -> {
                to.putInt(account.accountRef());
                putName(account.name(), to);
                yield ACCOUNT;
            }
            case JournalRecord.Worker worker -> {
                to.putInt(worker.workerRef()).putInt(worker.accountRef()).putInt(worker.feeBps());
                putName(worker.name(), to);
                putName(worker.scheme(), to);
                yield WORKER;
            }
            case JournalRecord.Job job -> putJob(job, to);
            case JournalRecord.Coinbase coinbase -> {
                to.putLong(coinbase.jobRef()).putLong(coinbase.ofJobRef());
                to.putInt(coinbase.coinbaseSuffix().length).put(coinbase.coinbaseSuffix());
                yield COINBASE;
            }
            case JournalRecord.Tip tip -> {
                to.put(tip.hash()).putInt(tip.height()).putInt(tip.nBits());
                yield TIP;
            }
            case JournalRecord.BlockFound block -> putBlock(block, to);
            case JournalRecord.Epoch epoch -> {
                to.putInt(epoch.serverId()).putInt(epoch.epoch());
                yield EPOCH;
            }
            case JournalRecord.Seal seal -> {
                to.putLong(seal.firstSequence());
                yield SEAL;
            }
            case JournalRecord.CleanStop _ -> CLEAN_STOP;
        };
    }

    private static void putHeader(ByteBuffer to, int start, int length, byte type) {
        to.putInt(start + LENGTH, length);
        to.put(start + TYPE, type);
        to.put(start + VERSION, (byte) FORMAT_VERSION);
        to.putShort(start + FLAGS, (short) 0);
    }

    /// The same as encoding a [JournalRecord.Share], without the object; fields beyond the hash are the
    /// caller's to put: see [RecordGroup#share].
    static void putShareHeader(ByteBuffer to, int start) {
        putHeader(to, start, SHARE_BYTES, SHARE);
    }

    private static byte putShare(JournalRecord.Share share, ByteBuffer to) {
        int start = to.position() - BODY;
        to.putInt(share.accountRef()).putInt(share.workerRef()).putLong(share.jobRef());
        to.putLong(share.difficultyUnits());
        to.putInt(share.ntime()).putInt(share.nonce()).putInt(share.version());
        to.putShort(lateness(share.latenessMillis()));
        to.put(share.shareClass().code()).put((byte) share.extranonce().length);
        to.put(share.extranonce()).put(new byte[MAX_EXTRANONCE_BYTES - share.extranonce().length]);
        to.put(share.hashHalf()).putLong(share.connection());
        Check.that(to.position() - start == SHARE_BYTES, "a SHARE is 128 bytes");
        return SHARE;
    }

    static short lateness(int millis) {
        return (short) Math.clamp(millis, 0, MAX_LATENESS_MILLIS);
    }

    private static byte putJob(JournalRecord.Job job, ByteBuffer to) {
        to.putLong(job.jobRef()).putInt(job.height()).putInt(job.nBits());
        to.putInt(job.version()).putInt(job.versionMask()).putInt(job.ntime());
        to.putShort((short) job.extranonceBytes()).putShort((short) job.branch().size());
        to.putLong(job.subsidySats()).putLong(job.rewardSats());
        to.putInt(job.coinbasePrefix().length).putInt(job.coinbaseSuffix().length);
        to.put(job.previousHash());
        job.branch().forEach(to::put);
        to.put(job.coinbasePrefix()).put(job.coinbaseSuffix());
        return JOB;
    }

    private static byte putBlock(JournalRecord.BlockFound block, ByteBuffer to) {
        to.put(block.hash()).putInt(block.height()).putInt(block.nBits()).putLong(block.jobRef());
        to.putInt(block.accountRef()).putInt(block.workerRef());
        to.putLong(block.rewardSats()).putLong(block.subsidySats());
        to.putLong(block.directSats());
        return BLOCK_FOUND;
    }

    private static void putName(String name, ByteBuffer to) {
        var utf8 = Field.utf8(name);
        to.put((byte) utf8.length).put(utf8);
    }

    /// The checksum of the record at `start`; leaves the salt in the checksum's field.
    static int crc(CRC32C crc, ByteBuffer bytes, int start, int length, int salt) {
        bytes.putInt(start + CRC, salt);
        int position = bytes.position();
        int limit = bytes.limit();
        crc.reset();
        crc.update(bytes.limit(start + length).position(start));
        bytes.limit(limit).position(position);
        return (int) crc.getValue();
    }

    /// The record from its verified bytes, a whole one in `bytes`. Throws [IllegalArgumentException] or
    /// [java.nio.BufferUnderflowException] on bytes this format never writes.
    static JournalRecord decode(ByteBuffer bytes) {
        var from = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        from.position(BODY);
        long sequence = from.getLong(SEQUENCE);
        long time = from.getLong(TIME);
        Field.that(from.get(VERSION) == FORMAT_VERSION, "record version " + from.get(VERSION));
        return switch (from.get(TYPE)) {
            case EPOCH -> new JournalRecord.Epoch(sequence, time, from.getInt(), from.getInt());
            case ACCOUNT -> new JournalRecord.Account(sequence, time, from.getInt(), name(from));
            case WORKER -> worker(sequence, time, from);
            case JOB -> job(sequence, time, from);
            case COINBASE -> coinbase(sequence, time, from);
            case SHARE -> share(sequence, time, from);
            case TIP ->
                    new JournalRecord.Tip(
                            sequence, time, take(from, HASH_BYTES), from.getInt(), from.getInt());
            case BLOCK_FOUND -> block(sequence, time, from);
            case SEAL -> new JournalRecord.Seal(sequence, time, from.getLong());
            case CLEAN_STOP -> new JournalRecord.CleanStop(sequence, time);
            default -> throw new IllegalArgumentException("record type " + from.get(TYPE));
        };
    }

    private static JournalRecord.Worker worker(long sequence, long time, ByteBuffer from) {
        int workerRef = from.getInt();
        int accountRef = from.getInt();
        int feeBps = from.getInt();
        return new JournalRecord.Worker(
                sequence, time, workerRef, accountRef, name(from), name(from), feeBps);
    }

    private static JournalRecord.Share share(long sequence, long time, ByteBuffer from) {
        Field.that(from.limit() == SHARE_BYTES, "share length");
        int extranonceBytes = from.get(71);
        Field.that(extranonceBytes >= 0 && extranonceBytes <= MAX_EXTRANONCE_BYTES, "extranonce");
        var extranonce = new byte[extranonceBytes];
        from.get(72, extranonce);
        var hashHalf = new byte[HASH_HALF_BYTES];
        from.get(104, hashHalf);
        return new JournalRecord.Share(
                sequence,
                time,
                from.getInt(SHARE_ACCOUNT),
                from.getInt(SHARE_WORKER),
                from.getLong(40),
                from.getLong(48),
                from.getInt(56),
                from.getInt(60),
                from.getInt(64),
                Short.toUnsignedInt(from.getShort(68)),
                ShareClass.ofCode(from.get(70)),
                extranonce,
                hashHalf,
                from.getLong(120));
    }

    private static JournalRecord.Job job(long sequence, long time, ByteBuffer from) {
        long jobRef = from.getLong();
        int height = from.getInt();
        int nBits = from.getInt();
        int version = from.getInt();
        int versionMask = from.getInt();
        int ntime = from.getInt();
        int extranonceBytes = from.getShort();
        int levels = from.getShort();
        long subsidySats = from.getLong();
        long rewardSats = from.getLong();
        int prefixBytes = from.getInt();
        int suffixBytes = from.getInt();
        var previousHash = take(from, HASH_BYTES);
        List<byte[]> branch = new ArrayList<>();
        for (int i = 0; i < levels; i++) {
            branch.add(take(from, HASH_BYTES));
        }
        return new JournalRecord.Job(
                sequence,
                time,
                jobRef,
                height,
                previousHash,
                nBits,
                version,
                versionMask,
                ntime,
                subsidySats,
                rewardSats,
                take(from, prefixBytes),
                extranonceBytes,
                take(from, suffixBytes),
                branch);
    }

    private static JournalRecord.BlockFound block(long sequence, long time, ByteBuffer from) {
        var hash = take(from, HASH_BYTES);
        int height = from.getInt();
        int nBits = from.getInt();
        long jobRef = from.getLong();
        int accountRef = from.getInt();
        int workerRef = from.getInt();
        return new JournalRecord.BlockFound(
                sequence,
                time,
                hash,
                height,
                jobRef,
                accountRef,
                workerRef,
                from.getLong(),
                from.getLong(),
                nBits,
                // Older epochs end here: nobody was paid by a coinbase then.
                from.hasRemaining() ? from.getLong() : 0);
    }

    private static JournalRecord.Coinbase coinbase(long sequence, long time, ByteBuffer from) {
        long jobRef = from.getLong();
        long ofJobRef = from.getLong();
        int suffixBytes = from.getInt();
        return new JournalRecord.Coinbase(
                sequence, time, jobRef, ofJobRef, take(from, suffixBytes));
    }

    private static String name(ByteBuffer from) {
        return new String(take(from, Byte.toUnsignedInt(from.get())), StandardCharsets.UTF_8);
    }

    private static byte[] take(ByteBuffer from, int length) {
        Field.that(length >= 0 && length <= from.remaining(), "length " + length);
        var bytes = new byte[length];
        from.get(bytes);
        return bytes;
    }
}
