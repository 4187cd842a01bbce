package adit.server;

import java.net.InetSocketAddress;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

import adit.ledger.journal.DirectoryStorage;
import adit.ledger.journal.JournalSettings;
import adit.ledger.journal.ShareJournal;
import adit.node.ChainParameters;
import adit.server.account.PayoutAddress;
import adit.server.admin.AdminServer;
import adit.server.admin.PoolFacts;
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
    private final LedgerSide ledger;
    private final AdminServer admin;

    /// Opens the journal, which makes a new epoch; listens to nobody yet.
    ///
    /// @throws CannotStart with one line for the operator
    public PoolServer(PoolConfig config, ChainParameters chain, Database database) {
        var registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        var metrics = new PoolMetrics(registry);
        var payTo = checkPayoutAddress(config, chain);
        events.starting(Version.current(), chain.name());
        journal =
                ShareJournal.open(
                        journalSettings(config),
                        DirectoryStorage.at(config.journal().directory()),
                        InstantSource.system());
        stratum = new StratumSide(config, chain, payTo.script(), journal, events, metrics);
        ledger =
                new LedgerSide(
                        config.scheme(),
                        database.connections(),
                        journal,
                        stratum.nodes()::confirmations,
                        events);
        admin =
                new AdminServer(
                        config.http(),
                        facts(config, chain),
                        () -> stratum.snapshot(ledger.status().trouble()),
                        database.readers(),
                        registry,
                        events,
                        InstantSource.system());
    }

    /// The address the coinbase will pay.
    ///
    /// @throws CannotStart where it cannot be paid on this network
    public static PayoutAddress checkPayoutAddress(PoolConfig config, ChainParameters chain) {
        return PayoutAddress.parse(config.pool().payoutAddress(), chain.name())
                .orElseThrow(() -> CannotStart.payoutAddress(config, chain.name()));
    }

    public void start() {
        ledger.start();
        stratum.start();
        admin.start();
    }

    /// Where miners can connect, in the order of the configuration.
    public List<InetSocketAddress> stratumAddresses() {
        return stratum.addresses();
    }

    @Override
    public void close() {
        events.stopping();
        admin.close();
        stratum.close();
        journal.close();
        ledger.close();
        events.stopped();
    }

    private static PoolFacts facts(PoolConfig config, ChainParameters chain) {
        return new PoolFacts(
                config.pool().name(),
                chain.name(),
                Version.current(),
                config.scheme().kind().name(),
                config.scheme().feeBps(),
                config.pool().serverId(),
                Instant.now());
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
