package adit.server.admin;

import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import java.util.SortedMap;

import org.jspecify.annotations.Nullable;

import adit.ledger.postgres.BlockQueries;

/// The pool at one moment, as every reader of the page sees it until the next look.
record Status(
        Instant at,
        PoolSnapshot pool,
        boolean isWholePool,
        List<Hashrate> hashrates,
        List<BigInteger> lastHourByMinute,
        Ledger ledger) {

    /// Durable records the database did not have when it was last asked.
    long waitingRecords(Facts known) {
        return Math.max(0, pool.journal().durableSequence() + 1 - known.nextSequence());
    }

    /// PostgreSQL: whether it answers and since when, why not, and what it said last.
    record Ledger(boolean isReachable, Instant since, String trouble, @Nullable Facts facts) {}

    record Facts(
            Instant at,
            long nextSequence,
            SortedMap<String, Long> blockCounts,
            List<BlockQueries.SeenBlock> latestBlocks) {}
}
