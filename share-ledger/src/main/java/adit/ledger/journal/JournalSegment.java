package adit.ledger.journal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

/// The file format: the header of a segment file; its records follow, [RecordFormat] each.
///
/// ```
///  byte 0               4               8              12              16
///       +---------------+---------------+-------+-------+---------------+
///     0 | magic "ADITJNL1"              |format |header |   server id   |
///       |                               |  = 1  | = 64  |               |
///       +---------------+---------------+-------+-------+---------------+
///    16 |                          node uuid                            |
///       +---------------+---------------+-------------------------------+
///    32 |     epoch     | previous crc  |        first sequence         |
///       +---------------+---------------+---------------+---------------+
///    48 |     created, micros           | first commit  | crc32c of 0-59|
///       +-------------------------------+---------------+---------------+
///    64 | record | record | … | SEAL or CLEAN_STOP | zeros to the end    |
///       +---------------------------------------------------------------+
/// ```
/// Little-endian, the uuid excepted (its text order). *previous crc* is the checksum of the last record
/// of the segment before (0 in an epoch's first), and every record's checksum starts from this header's,
/// so an epoch is one chain: no record and no segment can be taken out, swapped or brought in unnoticed.
///
/// A file gets its name `<server>-<epoch>-<first sequence>.jnl` only when its header is synced. It is
/// zero-filled ahead, because syncing into blocks never written costs milliseconds.
record JournalSegment(
        int serverId,
        int epoch,
        long firstSequence,
        UUID node,
        int previousCrc,
        long createdMicros,
        int firstCommit) {
    static final int HEADER_BYTES = 64;
    static final long MAGIC = 0x314c_4e4a_5449_4441L;
    static final int FORMAT = 1;

    private static final int CRC_OFFSET = 60;

    String fileName() {
        return new Name(serverId, epoch, firstSequence).fileName();
    }

    ByteBuffer encode() {
        var header = ByteBuffer.allocate(HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        header.putLong(MAGIC).putShort((short) FORMAT).putShort((short) HEADER_BYTES);
        header.putInt(serverId);
        header.order(ByteOrder.BIG_ENDIAN);
        header.putLong(node.getMostSignificantBits()).putLong(node.getLeastSignificantBits());
        header.order(ByteOrder.LITTLE_ENDIAN);
        header.putInt(epoch).putInt(previousCrc).putLong(firstSequence);
        header.putLong(createdMicros).putInt(firstCommit).putInt(crc(header));
        return header.flip();
    }

    /// What the checksums of this segment's records start from.
    int salt() {
        return encode().order(ByteOrder.LITTLE_ENDIAN).getInt(CRC_OFFSET);
    }

    static JournalSegment read(Name name, ByteBuffer header) {
        var file = name.fileName();
        if (header.remaining() < HEADER_BYTES) {
            throw new JournalDamaged(file, 0, "no whole header");
        }
        header.order(ByteOrder.LITTLE_ENDIAN);
        if (header.getLong(0) != MAGIC) {
            throw new JournalDamaged(file, 0, "not a journal segment");
        }
        if (header.getInt(CRC_OFFSET) != crc(header)) {
            throw new JournalDamaged(file, 0, "header checksum is wrong");
        }
        if (header.getShort(8) != FORMAT) {
            throw new JournalDamaged(file, 8, "format " + header.getShort(8) + " is not known");
        }
        long uuidHigh = Long.reverseBytes(header.getLong(16));
        long uuidLow = Long.reverseBytes(header.getLong(24));
        var segment =
                new JournalSegment(
                        header.getInt(12),
                        header.getInt(32),
                        header.getLong(40),
                        new UUID(uuidHigh, uuidLow),
                        header.getInt(36),
                        header.getLong(48),
                        header.getInt(56));
        if (!segment.fileName().equals(file)) {
            throw new JournalDamaged(file, 12, "the header names " + segment.fileName());
        }
        return segment;
    }

    private static int crc(ByteBuffer header) {
        var crc = new CRC32C();
        crc.update(header.array(), header.arrayOffset(), CRC_OFFSET);
        return (int) crc.getValue();
    }

    /// What a segment's file name says; ordered as the segments are.
    record Name(int serverId, int epoch, long firstSequence) implements Comparable<Name> {
        private static final Pattern FILE_NAME =
                Pattern.compile("(\\d{1,9})-(\\d{1,9})-(\\d{1,18})\\.jnl");
        private static final Comparator<Name> ORDER =
                Comparator.comparingInt(Name::serverId)
                        .thenComparingInt(Name::epoch)
                        .thenComparingLong(Name::firstSequence);

        String fileName() {
            return "%d-%d-%d.jnl".formatted(serverId, epoch, firstSequence);
        }

        boolean isSameEpoch(Name other) {
            return serverId == other.serverId && epoch == other.epoch;
        }

        /// The segments among these files, in order.
        static List<Name> among(List<String> files) {
            return files.stream()
                    .map(FILE_NAME::matcher)
                    .filter(matcher -> matcher.matches())
                    .map(matcher ->
                            new Name(
                                    Integer.parseInt(matcher.group(1)),
                                    Integer.parseInt(matcher.group(2)),
                                    Long.parseLong(matcher.group(3))))
                    .sorted()
                    .toList();
        }

        @Override
        public int compareTo(Name other) {
            return ORDER.compare(this, other);
        }
    }
}
