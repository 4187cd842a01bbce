package adit.ledger.journal;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class RecordFormatTest {
    private static final long SEQUENCE = 0x1234_5678_9abcL;
    private static final long TIME = 1_767_268_800_123_456L;

    @ParameterizedTest
    @MethodSource("everyType")
    void readsBackWhatItWrote(JournalRecord entry) {
        var bytes = encode(entry);

        assertThat(bytes.limit() % RecordFormat.ALIGNMENT).isZero();
        assertThat(bytes.getInt(RecordFormat.LENGTH)).isEqualTo(bytes.limit());
        assertThat(RecordFormat.decode(bytes)).usingRecursiveComparison().isEqualTo(entry);
    }

    @Test
    void writesAShareInAHundredAndTwentyEightBytes() {
        assertThat(encode(share(new Random(1))).limit()).isEqualTo(RecordFormat.SHARE_BYTES);
    }

    @Test
    void writesTheSameShareThroughAGroup() {
        var share = share(new Random(2));
        var group = new RecordGroup(1);
        group.needs(Samples.job(share.jobRef()));
        var hash = new byte[32];
        System.arraycopy(share.hashHalf(), 0, hash, 0, 16);

        group.share(
                share.accountRef(),
                share.workerRef(),
                share.jobRef(),
                share.difficultyUnits(),
                share.ntime(),
                share.nonce(),
                share.version(),
                share.latenessMillis(),
                share.shareClass(),
                share.extranonce(),
                0,
                share.extranonce().length,
                hash,
                share.connection());

        var bytes = group.bytes().duplicate().order(ByteOrder.LITTLE_ENDIAN).flip();
        stamp(bytes);
        assertThat(RecordFormat.decode(bytes)).usingRecursiveComparison().isEqualTo(share);
    }

    @Test
    void keepsTheLongestLatenessThatFits() {
        assertThat(RecordFormat.lateness(70_000)).isEqualTo((short) 0xffff);
        assertThat(RecordFormat.lateness(-1)).isZero();
    }

    @Test
    void throwsNothingUnexpectedOnAnyBytes() {
        long seed = 42;
        var random = new Random(seed);
        var entries = everyType().toList();
        for (int i = 0; i < 20_000; i++) {
            var bytes = encode(entries.get(random.nextInt(entries.size())));
            for (int flips = random.nextInt(8); flips >= 0; flips--) {
                bytes.put(4 + random.nextInt(bytes.limit() - 4), (byte) random.nextInt());
            }
            try {
                assertThat(RecordFormat.decode(bytes)).isNotNull();
            } catch (IllegalArgumentException | BufferUnderflowException e) {
                assertThat(e).as("seed %d, round %d", seed, i).isNotNull();
            }
        }
    }

    @Test
    void readsABlockOfBeforeCoinbasesPaidAnybody() {
        var block =
                new JournalRecord.BlockFound(SEQUENCE, TIME, new byte[32], 1, 2, 3, 4, 5, 6, 7, 0);
        var bytes = encode(block);
        int before = bytes.limit() - Long.BYTES;
        bytes.putInt(RecordFormat.LENGTH, before).limit(before);

        assertThat(RecordFormat.decode(bytes)).usingRecursiveComparison().isEqualTo(block);
    }

    @Test
    void fitsABlockBesideItsShare() {
        var block =
                new JournalRecord.BlockFound(SEQUENCE, TIME, new byte[32], 1, 2, 3, 4, 5, 6, 7, 5);
        assertThat(encode(block).limit()).isLessThanOrEqualTo(RecordFormat.SHARE_BYTES);
    }

    @Test
    void refusesNamesLongerThanTheirBound() {
        assertThatThrownBy(() -> new JournalRecord.Account(0, 0, 1, "é".repeat(128)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(new JournalRecord.Account(0, 0, 1, "é".repeat(127)).name()).hasSize(127);
    }

    @Test
    void hasRoomForTheLargestJob() {
        var branch = new ArrayList<byte[]>();
        for (int i = 0; i < RecordFormat.MAX_BRANCH_LEVELS; i++) {
            branch.add(new byte[32]);
        }
        var job =
                new JournalRecord.Job(
                        SEQUENCE,
                        TIME,
                        1,
                        1,
                        new byte[32],
                        1,
                        1,
                        1,
                        1,
                        1,
                        1,
                        new byte[1000],
                        32,
                        new byte[RecordFormat.MAX_COINBASE_BYTES - 1000],
                        branch);

        assertThat(encode(job).limit()).isLessThanOrEqualTo(RecordFormat.MAX_BYTES);
    }

    static Stream<JournalRecord> everyType() {
        var random = new Random(7);
        var job = Samples.job(-5);
        return Stream.of(
                share(random),
                share(random),
                new JournalRecord.Account(SEQUENCE, TIME, 3, "bc1q…ä"),
                new JournalRecord.Account(SEQUENCE, TIME, 3, ""),
                new JournalRecord.Worker(SEQUENCE, TIME, 4, 3, "x".repeat(255), "PPLNS", 9999),
                new JournalRecord.Job(
                        SEQUENCE,
                        TIME,
                        job.jobRef(),
                        job.height(),
                        job.previousHash(),
                        job.nBits(),
                        job.version(),
                        job.versionMask(),
                        job.ntime(),
                        job.subsidySats(),
                        job.rewardSats(),
                        job.coinbasePrefix(),
                        job.extranonceBytes(),
                        job.coinbaseSuffix(),
                        List.of(bytes(random, 32), bytes(random, 32), bytes(random, 32))),
                new JournalRecord.Tip(SEQUENCE, TIME, bytes(random, 32), 850_000, 0x1d00ffff),
                new JournalRecord.BlockFound(
                        SEQUENCE, TIME, bytes(random, 32), 1, 2, 3, 4, 9, 6, 7, 8),
                new JournalRecord.Coinbase(SEQUENCE, TIME, 1L << 40 | 5, 5, bytes(random, 131)),
                new JournalRecord.Epoch(SEQUENCE, TIME, 255, 12),
                new JournalRecord.Seal(SEQUENCE, TIME, 99),
                new JournalRecord.CleanStop(SEQUENCE, TIME));
    }

    private static JournalRecord.Share share(Random random) {
        return new JournalRecord.Share(
                SEQUENCE,
                TIME,
                1 + random.nextInt(1000),
                1 + random.nextInt(1000),
                random.nextLong(),
                random.nextLong(),
                random.nextInt(),
                random.nextInt(),
                random.nextInt(),
                random.nextInt(0x10000),
                List.of(ShareClass.values()).get(random.nextInt(ShareClass.values().length)),
                bytes(random, random.nextInt(33)),
                bytes(random, 16),
                random.nextLong());
    }

    private static byte[] bytes(Random random, int length) {
        var bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private static ByteBuffer encode(JournalRecord entry) {
        var bytes = ByteBuffer.allocate(RecordFormat.MAX_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        RecordFormat.encode(entry, bytes);
        stamp(bytes.flip());
        return bytes;
    }

    private static void stamp(ByteBuffer bytes) {
        bytes.putLong(RecordFormat.SEQUENCE, SEQUENCE).putLong(RecordFormat.TIME, TIME);
    }

    @Test
    void readsAClassOfALaterVersionByItsLowestBit() {
        assertThat(ShareClass.ofCode(6).isCredited()).isTrue();
        assertThat(ShareClass.ofCode(7).isCredited()).isFalse();
        assertThat(ShareClass.ofCode(4)).isEqualTo(ShareClass.OURS);
    }
}
