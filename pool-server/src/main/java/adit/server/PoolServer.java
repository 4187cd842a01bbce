package adit.server;

import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.List;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

import adit.ledger.journal.DirectoryStorage;
import adit.ledger.journal.JournalSettings;
import adit.ledger.journal.ShareJournal;
import adit.node.ChainParameters;
import adit.server.account.PayoutAddress;
import adit.server.config.PoolConfig;
import adit.server.metrics.EventLog;
import adit.server.metrics.PoolMetrics;

/// The running pool: made here in the order its parts need each other, started in that order, stopped in
/// the reverse.
public final class PoolServer implements AutoCloseable {

    private static final int MAX_ACCOUNTS = 1_000_000;
    private static final int MAX_WORKERS = 2_000_000;

    private final EventLog events = new EventLog();
    private final ShareJournal journal;
    private final StratumSide stratum;

    /// @throws CannotStart with one line for the operator
    public PoolServer(PoolConfig config, ChainParameters chain) {
        var metrics = new PoolMetrics(new PrometheusMeterRegistry(PrometheusConfig.DEFAULT));
        var payTo =
                PayoutAddress.parse(config.pool().payoutAddress(), chain.name())
                        .orElseThrow(() -> CannotStart.payoutAddress(config, chain.name()));
        journal =
                ShareJournal.open(
                        journalSettings(config),
                        DirectoryStorage.at(config.journal().directory()),
                        InstantSource.system());
        stratum = new StratumSide(config, chain, payTo.script(), journal, events, metrics);
    }

    public void start() {
        stratum.start();
    }

    /// Where miners can connect, in the order of the configuration.
    public List<InetSocketAddress> stratumAddresses() {
        return stratum.addresses();
    }

    @Override
    public void close() {
        stratum.close();
        journal.close();
        events.stopped();
    }

    private static JournalSettings journalSettings(PoolConfig config) {
        return new JournalSettings(
                config.pool().serverId(),
                config.journal().segmentBytes(),
                config.journal().minimumFreeBytes(),
                MAX_ACCOUNTS,
                MAX_WORKERS);
    }
}
