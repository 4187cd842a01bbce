package adit.ledger.journal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/// What recovery, readers and the verifier make of files that are not as they were written.
class DamageTest {
    private static final int SEGMENT_BYTES = 2048;

    @Test
    void recoversExactlyTheWholeRecordsOfAFileCutAnywhere() throws Exception {
        var storage = written(3, 2);
        var name = segments(storage).getLast();
        var whole = storage.content(name.fileName());
        var ends = recordEnds(storage, name);

        for (int size = ends.getFirst().intValue(); size < whole.length; size++) {
            storage.setContent(name.fileName(), Arrays.copyOf(whole, size));
            var report = JournalRecovery.recover(storage, 7);

            int cut = size;
            long records = ends.stream().filter(end -> end <= cut).count();
            assertThat(report.damage()).as("cut at %d", size).isEmpty();
            assertThat(report.lastSequence())
                    .as("cut at %d", size)
                    .isEqualTo(name.firstSequence() - 1 + records);
            assertThat((long) storage.content(name.fileName()).length)
                    .as("cut at %d", size)
                    .isEqualTo(ends.get((int) records - 1));
            assertThat(new JournalTool(storage).verify(ShareRehash.NONE).damage()).isEmpty();
        }
    }

    @Test
    void findsAFlippedBitInAnyByte() throws Exception {
        var storage = written(6, 3);
        for (var name : segments(storage)) {
            var whole = storage.content(name.fileName());
            for (int at = 0; at < whole.length; at++) {
                var flipped = whole.clone();
                flipped[at] ^= (byte) (1 << at % 8);
                storage.setContent(name.fileName(), flipped);

                var report = new JournalTool(storage).verify(ShareRehash.NONE);
                assertThat(report.damage().size() + report.notes().size())
                        .as("%s byte %d", name.fileName(), at)
                        .isPositive();
            }
            storage.setContent(name.fileName(), whole);
        }
        assertThat(new JournalTool(storage).verify(ShareRehash.NONE).isSound()).isTrue();
    }

    @Test
    void tellsDamageInSyncedRecordsFromATornTail() throws Exception {
        var storage = written(4, 2);
        var name = segments(storage).getLast();
        var ends = recordEnds(storage, name);
        var whole = storage.content(name.fileName());

        var torn = whole.clone();
        torn[ends.getLast().intValue() - 1] ^= 1;
        storage.setContent(name.fileName(), torn);
        assertThat(scan(storage, name).end()).isEqualTo(SegmentScan.End.TORN);

        var damaged = whole.clone();
        damaged[ends.get(ends.size() - 2).intValue() - 1] ^= 1;
        storage.setContent(name.fileName(), damaged);
        assertThat(scan(storage, name).end()).isEqualTo(SegmentScan.End.DAMAGED);
    }

    @Test
    void startsBesideADamagedEpochAndReportsIt() throws Exception {
        var storage = written(4, 2);
        var name = segments(storage).getLast();
        long second = recordEnds(storage, name).get(1);
        var bytes = storage.content(name.fileName());
        bytes[(int) second - 3] ^= 0x10;
        storage.setContent(name.fileName(), bytes);

        try (var journal = Journals.open(storage, SEGMENT_BYTES);
                var reader = journal.reader()) {
            assertThat(journal.epoch()).isEqualTo(2);
            assertThat(journal.recovery().damage()).contains(name.fileName(), "checksum");
            assertThat(storage.content(name.fileName())).isEqualTo(bytes);

            var damaged = reader.epochs().getFirst();
            long last = damaged.lastSequence();
            assertThat(last).isEqualTo(name.firstSequence());
            assertThat(damaged.from(last)).isEqualTo(1);
            assertThat(damaged.from(last + 1)).as("lost, and not given up").isEqualTo(1);
            assertThat(damaged.from(last + 2)).as("given up").isZero();
            assertThat(reader.read(1, last, 10)).hasSize(1);
            assertThatThrownBy(() -> reader.read(1, last + 1, 10))
                    .isInstanceOf(JournalDamaged.class)
                    .hasMessageContaining(name.fileName());
            assertThat(reader.read(2, 1, 10)).hasSize(1);
        }
    }

    @Test
    void readsUpToDamageInTheMiddleAndThenSaysSo() throws Exception {
        var storage = written(8, 3);
        var name = segments(storage).getFirst();
        var ends = recordEnds(storage, name);
        var bytes = storage.content(name.fileName());
        bytes[ends.get(4).intValue() + 50] ^= 1;
        storage.setContent(name.fileName(), bytes);

        try (var reader = JournalReader.offline(storage, 7)) {
            assertThat(reader.read(1, 1, 100)).hasSize(5);
            assertThatThrownBy(() -> reader.read(1, 6, 100)).isInstanceOf(JournalDamaged.class);
        }
    }

    @Test
    void noticesASegmentTakenOut() throws Exception {
        var storage = written(12, 3);
        var names = segments(storage);
        storage.delete(names.get(1).fileName());

        var report = new JournalTool(storage).verify(ShareRehash.NONE);

        assertThat(report.damage()).anyMatch(line -> line.contains("are missing"));
        try (var reader = JournalReader.offline(storage, 7)) {
            long next = names.get(1).firstSequence();
            assertThat(reader.read(1, 1, 1000)).hasSize((int) next - 1);
            assertThatThrownBy(() -> reader.read(1, next, 10)).isInstanceOf(JournalDamaged.class);
        }
    }

    @Test
    void noticesASegmentSwappedForOneOfAnotherRun() throws Exception {
        var storage = written(12, 3);
        var other = written(11, 3);
        var name = segments(storage).get(1);
        assertThat(segments(other)).contains(name);
        var foreign = written(12, 2);
        var bytes = foreign.content(segments(foreign).getFirst().fileName());
        storage.setContent(name.fileName(), bytes);

        assertThat(new JournalTool(storage).verify(ShareRehash.NONE).isSound()).isFalse();
    }

    @Test
    void givesEveryShareToTheRehasherWithItsJob() throws Exception {
        var storage = written(12, 3);
        var seen = new ArrayList<Integer>();

        var report =
                new JournalTool(storage)
                        .verify((share, job) -> {
                            seen.add(share.nonce());
                            return job.jobRef() == share.jobRef() && share.nonce() != 5;
                        });

        assertThat(seen).hasSize(36);
        assertThat(report.shares()).isEqualTo(36);
        assertThat(report.damage()).singleElement().asString().contains("does not hash");
    }

    /// A clean journal of one epoch: that many groups of that many shares.
    private static FaultyStorage written(int groups, int shares) throws Exception {
        var storage = new FaultyStorage();
        try (var journal = Journals.open(storage, SEGMENT_BYTES)) {
            for (int i = 0; i < groups; i++) {
                Journals.append(
                        journal, Samples.shares(journal, "miner" + i, i * shares, shares, i));
            }
        }
        return storage;
    }

    private static List<JournalSegment.Name> segments(FaultyStorage storage) throws Exception {
        return JournalSegment.Name.among(storage.list());
    }

    private static SegmentScan scan(FaultyStorage storage, JournalSegment.Name name)
            throws Exception {
        return SegmentScan.of(storage, name, SegmentScan.Visitor.NONE);
    }

    private static List<Long> recordEnds(FaultyStorage storage, JournalSegment.Name name)
            throws Exception {
        var ends = new ArrayList<Long>();
        SegmentScan.of(storage, name, cursor -> ends.add(cursor.nextOffset()));
        return ends;
    }
}
