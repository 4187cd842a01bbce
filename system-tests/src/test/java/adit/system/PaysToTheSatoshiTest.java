package adit.system;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import adit.ledger.journal.JournalRecord;
import adit.ledger.postgres.TestDatabase;
import adit.miner.MinerEvents;
import adit.node.NodeControl;
import adit.pow.Hash;
import adit.server.channel.ShareAudit;

import static org.assertj.core.api.Assertions.assertThat;

/// Promise 2: an auditor with the journal, the chain and a model of his own comes to the pool's numbers, to the
/// last thousandth of a satoshi, after a day under every scheme and across a halving.
@Tag("slow")
class PaysToTheSatoshiTest {

    private static final int BLOCKS_A_SCHEME = 3;
    private static final int WINDOW_HALF_BLOCKS = 5;
    private static final int HASHES_PER_SECOND = 40_000;
    private static final long MICROS_IN_A_MINUTE = 60_000_000;

    /// The halving comes with block 150.
    private static final int BEFORE_THE_HALVING = 147;

    private static final int MATURE_CONFIRMATIONS = 101;
    private static final String ORPHANED = "ORPHANED";
    private static final List<String> DAY =
            List.of(
                    scheme("PPS", 200),
                    scheme("PPLNS", 100),
                    scheme("PROP", 150),
                    scheme("SOLO", 50),
                    scheme("PPLNS", 275));

    @TempDir private Path directory;

    @Test
    @Timeout(value = 300, unit = TimeUnit.SECONDS)
    void anAuditorComesToTheSameNumbers() throws Exception {
        var files = PoolFiles.in(directory);
        try (var database = TestDatabase.create();
                var chain =
                        Chains.start(
                                directory.resolve("chain"),
                                Chains.WITHIN_REACH,
                                BEFORE_THE_HALVING)) {
            var ledger = new LedgerView(database.dataSource());
            var choices =
                    PoolChoices.regtest(
                            Databases.of(database.dataSource()), PoolChoices.Node.of(chain));
            var node = Chains.control(chain);
            long blocks = 0;
            for (var scheme : DAY) {
                files.write(choices.withScheme(scheme));
                blocks += mine(files, ledger, node, blocks, scheme.equals(DAY.getLast()));
            }
            audit(files, ledger);
        }
    }

    /// Runs the pool under one scheme.
    ///
    /// @return how many blocks were found
    private static long mine(
            PoolFiles files, LedgerView ledger, NodeControl node, long blocksBefore, boolean isLast)
            throws Exception {
        try (var pool = PoolProcess.run(files, List.of()).awaitPort(files.stratumPort())) {
            var nobody = new MinerEvents() {};
            try (var _ =
                    Miners.one(
                                    files.pool(),
                                    Miners.ALICE + ".a",
                                    3 * HASHES_PER_SECOND,
                                    blocksBefore,
                                    nobody)
                            .add(
                                    files.pool(),
                                    Miners.BOB + ".b",
                                    HASHES_PER_SECOND,
                                    -blocksBefore,
                                    nobody)) {
                Await.until(
                        () -> pool.lines("accepted by node").size() >= BLOCKS_A_SCHEME,
                        () -> "blocks are found\n" + pool.log());
                if (isLast) {
                    awaitPayPerShareClosed(pool, ledger);
                }
            }
            if (isLast) {
                awaitSettled(pool, ledger, node, blocksBefore);
                assertThat(pool.lines(" ERROR ")).as(pool.log()).isEmpty();
            }
            assertThat(pool.stop()).as(pool.log()).isEqualTo(143);
            return pool.lines("Block found").size();
        }
    }

    /// The last minute of pay per share is over, and paid.
    private static void awaitPayPerShareClosed(PoolProcess pool, LedgerView ledger)
            throws Exception {
        Await.until(
                () -> {
                    long last = ledger.lastShareMicros("PPS");
                    long minuteEnd = (last / MICROS_IN_A_MINUTE + 1) * MICROS_IN_A_MINUTE;
                    return ledger.distributions().stream()
                            .anyMatch(d -> d.block() == null && d.untilMicros() >= minuteEnd);
                },
                () -> "the last minute of PPS is paid\n" + pool.log());
    }

    /// Nobody mines any more, so the chain stands still: each block comes to the state that is due to it there, and
    /// every block of the chain is shared out.
    private static void awaitSettled(
            PoolProcess pool, LedgerView ledger, NodeControl node, long blocksBefore)
            throws Exception {
        Await.until(
                () -> {
                    long found = blocksBefore + pool.lines("Block found").size();
                    var states = ledger.blockStates();
                    var due = new TreeMap<String, String>();
                    states.keySet().forEach(block -> due.put(block, stateDue(node, block)));
                    long inChain =
                            due.values().stream().filter(PaysToTheSatoshiTest::isPaid).count();
                    long shared =
                            ledger.distributions().stream().filter(d -> d.block() != null).count();
                    return states.size() == found && states.equals(due) && inChain == shared;
                },
                () -> "every block is settled\n" + pool.log());
    }

    private static String stateDue(NodeControl node, String block) {
        var confirmations = node.confirmations(block);
        if (confirmations.isEmpty()) {
            return "on its way to the node";
        }
        if (confirmations.getAsInt() <= 0) {
            return ORPHANED;
        }
        return confirmations.getAsInt() >= MATURE_CONFIRMATIONS ? "MATURE" : "ACTIVE";
    }

    private static boolean isPaid(String state) {
        return !state.equals(ORPHANED);
    }

    private static void audit(PoolFiles files, LedgerView ledger) throws Exception {
        var epochs = RecordedShares.epochs(files.journal(), files.serverId());
        epochs.values().forEach(PaysToTheSatoshiTest::hashAgain);
        var model = new PayoutModel(epochs);
        var states = ledger.blockStates();
        assertThat(states.keySet())
                .containsExactlyInAnyOrderElementsOf(
                        model.blocks().stream().map(Hash::displayHex).toList());

        var expected =
                model.blockPayouts(
                        block -> isPaid(states.get(block.displayHex())),
                        WINDOW_HALF_BLOCKS,
                        ledger.accounts());
        var booked = new HashMap<Hash, PayoutModel.Payout>();
        for (var distribution : ledger.distributions()) {
            assertThat(distribution.unattributedMsat()).isZero();
            if (distribution.block() != null) {
                booked.put(distribution.block(), distribution.payout());
            }
        }
        assertThat(booked).isEqualTo(expected);
        for (var scheme : List.of("PPS", "PPLNS", "PROP", "SOLO")) {
            assertThat(expected.values())
                    .as(scheme)
                    .filteredOn(payout -> payout.scheme().equals(scheme))
                    .isNotEmpty();
        }
        auditPayPerShare(ledger, model);
        auditBalances(ledger, expected, model);
        ledger.assertSound();
    }

    /// Every interval brings each account to what its shares so far are worth.
    private static void auditPayPerShare(LedgerView ledger, PayoutModel model) throws Exception {
        var credited = new TreeMap<String, Long>();
        long feeMsat = 0;
        for (var interval : ledger.distributions()) {
            if (interval.block() == null) {
                interval.lines()
                        .forEach((account, msat) -> credited.merge(account, msat, Long::sum));
                feeMsat += interval.feeMsat();
                var earned = model.earnedByShares(interval.untilMicros());
                assertThat(credited).isEqualTo(earned.creditsMsat());
                assertThat(feeMsat).isEqualTo(earned.feeMsat());
            }
        }
        assertThat(credited).containsOnlyKeys(Miners.ALICE, Miners.BOB);
    }

    /// What the books owe each miner is the sum of all that.
    private static void auditBalances(
            LedgerView ledger, Map<Hash, PayoutModel.Payout> blocks, PayoutModel model)
            throws Exception {
        var owed = new TreeMap<>(model.earnedByShares(Long.MAX_VALUE).creditsMsat());
        blocks.values()
                .forEach(payout ->
                        payout.creditsMsat()
                                .forEach((account, msat) -> owed.merge(account, msat, Long::sum)));
        assertThat(owedByTheBooks(ledger)).isEqualTo(owed);
    }

    private static SortedMap<String, Long> owedByTheBooks(LedgerView ledger) throws Exception {
        var owed = new TreeMap<String, Long>();
        ledger.balances()
                .forEach((code, balance) -> {
                    if (code.startsWith("L:MINER_")) {
                        var account = code.substring(code.lastIndexOf(':') + 1);
                        owed.merge(account, balance.negate().longValueExact(), Long::sum);
                    }
                });
        return owed;
    }

    private static void hashAgain(List<JournalRecord> epoch) {
        var audit = new ShareAudit();
        var jobs = new HashMap<Long, JournalRecord.Job>();
        for (var record : epoch) {
            if (record instanceof JournalRecord.Job job) {
                jobs.put(job.jobRef(), job);
            }
            if (record instanceof JournalRecord.Coinbase coinbase) {
                var job = Objects.requireNonNull(jobs.get(coinbase.ofJobRef()));
                jobs.put(coinbase.jobRef(), coinbase.on(job));
            }
            if (record instanceof JournalRecord.Share share) {
                var job = Objects.requireNonNull(jobs.get(share.jobRef()));
                assertThat(audit.holds(share, job)).as("share %s", share).isTrue();
            }
        }
    }

    private static String scheme(String kind, int feeBps) {
        return """
        kind = "%s"
        fee-bps = %d
        pplns-window-blocks = 2.5
        pps-interval-minutes = 1
        """
                .formatted(kind, feeBps);
    }
}
