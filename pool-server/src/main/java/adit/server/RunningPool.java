package adit.server;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.function.Supplier;

import adit.ledger.journal.ShareJournal;
import adit.pow.Difficulty;
import adit.pow.Job;
import adit.server.admin.PoolSnapshot;
import adit.server.admin.PoolView;
import adit.server.channel.Verdict;
import adit.server.config.PoolConfig;
import adit.server.metrics.PoolMetrics;

/// The parts of the running pool, looked at for the admin side.
///
/// @param projectionTrouble what stops the projector, or the empty string
record RunningPool(
        List<PoolConfig.Listener> listeners,
        StratumSide stratum,
        ShareJournal journal,
        PoolMetrics metrics,
        Supplier<String> projectionTrouble)
        implements PoolView {

    @Override
    public PoolSnapshot snapshot() {
        var submissions = new TreeMap<String, Long>();
        for (var verdict : Verdict.values()) {
            var name = verdict.name().toLowerCase(Locale.ROOT);
            submissions.put(name, (long) metrics.submissions(name).count());
        }
        return new PoolSnapshot(
                stratum.connectionCount(),
                openListeners(),
                submissions,
                creditedUnits(),
                stratum.board().current().map(RunningPool::mining).orElse(null),
                stratum.nodes().status(),
                new PoolSnapshot.Journal(
                        journal.epoch(),
                        journal.durableSequence(),
                        journal.recordsInFlight(),
                        journal.failure()
                                .map(failure -> String.valueOf(failure.getMessage()))
                                .orElse("")),
                projectionTrouble.get());
    }

    /// Ports are closed when the journal fails, all at once.
    private List<PoolSnapshot.Listener> openListeners() {
        var bound = stratum.addresses();
        var seen = new ArrayList<PoolSnapshot.Listener>();
        for (int i = 0; i < listeners.size(); i++) {
            var listener = listeners.get(i);
            boolean isBound = i < bound.size();
            seen.add(
                    new PoolSnapshot.Listener(
                            listener.name(),
                            listener.address(),
                            isBound ? bound.get(i).getPort() : listener.port(),
                            isBound && journal.isWritable()));
        }
        return seen;
    }

    private BigInteger creditedUnits() {
        return BigDecimal.valueOf(metrics.creditedDifficulty())
                .multiply(BigDecimal.valueOf(Difficulty.ONE))
                .toBigInteger();
    }

    private static PoolSnapshot.Mining mining(Job job) {
        var template = job.template();
        return new PoolSnapshot.Mining(
                template.height(), template.nBits(), job.rewardSats(), template.node());
    }
}
