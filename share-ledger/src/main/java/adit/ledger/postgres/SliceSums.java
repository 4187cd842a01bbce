package adit.ledger.postgres;

import java.sql.Array;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

import adit.ledger.journal.JournalRecord;

/// The credited shares of one batch, counted per slice, and their merging into the slices already there.
///
/// A batch is part of one epoch and in its order, so its first and last share of a slice are known as it is read.
final class SliceSums {
    private static final String MERGE =
            """
            INSERT INTO pool.slice AS kept
                (minute, server_id, epoch, account_id, worker_id, nbits, subsidy_sats, difficulty_units,
                 shares, first_sequence, first_time, last_sequence, last_time)
            SELECT pool.at_micros(minute), ?, ?, account_id, worker_id, nbits, subsidy_sats, difficulty_units,
                   shares, first_sequence, pool.at_micros(first_time), last_sequence, pool.at_micros(last_time)
            FROM unnest(?::bigint[], ?::bigint[], ?::bigint[], ?::integer[], ?::bigint[], ?::bigint[],
                        ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[])
                AS came (minute, account_id, worker_id, nbits, subsidy_sats, difficulty_units,
                         shares, first_sequence, first_time, last_sequence, last_time)
            ON CONFLICT (minute, server_id, epoch, account_id, worker_id, nbits, subsidy_sats, difficulty_units)
                DO UPDATE SET shares = kept.shares + excluded.shares,
                              last_sequence = excluded.last_sequence,
                              last_time = excluded.last_time
            """;

    private final Map<Key, Sum> sums = new HashMap<>();

    void add(ShareRow row) {
        JournalRecord.Share share = row.share();
        if (!share.shareClass().isCredited()) {
            return;
        }
        var key =
                new Key(
                        Times.minuteOf(share.timeMicros()),
                        row.accountId(),
                        row.workerId(),
                        row.job().nBits(),
                        row.job().subsidySats(),
                        share.difficultyUnits());
        sums.computeIfAbsent(key, _ -> new Sum(share)).add(share);
    }

    void merge(Connection connection, int serverId, int epoch) throws SQLException {
        if (sums.isEmpty()) {
            return;
        }
        try (var statement = connection.prepareStatement(MERGE)) {
            statement.setInt(1, serverId);
            statement.setInt(2, epoch);
            statement.setArray(3, bigints(connection, e -> e.getKey().minuteMicros));
            statement.setArray(4, bigints(connection, e -> e.getKey().accountId));
            statement.setArray(5, bigints(connection, e -> e.getKey().workerId));
            statement.setArray(
                    6, connection.createArrayOf("integer", column(e -> e.getKey().nBits)));
            statement.setArray(7, bigints(connection, e -> e.getKey().subsidySats));
            statement.setArray(8, bigints(connection, e -> e.getKey().difficultyUnits));
            statement.setArray(9, bigints(connection, e -> e.getValue().shares));
            statement.setArray(10, bigints(connection, e -> e.getValue().firstSequence));
            statement.setArray(11, bigints(connection, e -> e.getValue().firstMicros));
            statement.setArray(12, bigints(connection, e -> e.getValue().lastSequence));
            statement.setArray(13, bigints(connection, e -> e.getValue().lastMicros));
            statement.executeUpdate();
        }
    }

    private Array bigints(Connection connection, Function<Map.Entry<Key, Sum>, Long> value)
            throws SQLException {
        return connection.createArrayOf("bigint", column(value));
    }

    private Object[] column(Function<Map.Entry<Key, Sum>, ?> value) {
        return sums.entrySet().stream().map(value).toArray();
    }

    private record Key(
            long minuteMicros,
            long accountId,
            long workerId,
            int nBits,
            long subsidySats,
            long difficultyUnits) {}

    private static final class Sum {
        private final long firstSequence;
        private final long firstMicros;
        private long shares;
        private long lastSequence;
        private long lastMicros;

        private Sum(JournalRecord.Share first) {
            firstSequence = first.sequence();
            firstMicros = first.timeMicros();
        }

        private void add(JournalRecord.Share share) {
            shares++;
            lastSequence = share.sequence();
            lastMicros = share.timeMicros();
        }
    }
}
