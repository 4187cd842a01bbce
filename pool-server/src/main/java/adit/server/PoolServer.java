package adit.server;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Locale;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

import adit.ledger.journal.DirectoryStorage;
import adit.ledger.journal.JournalSettings;
import adit.ledger.journal.ShareJournal;
import adit.ledger.postgres.BlockState;
import adit.node.ChainParameters;
import adit.server.account.Account;
import adit.server.account.Payees;
import adit.server.account.PayoutAddress;
import adit.server.account.Split;
import adit.server.account.Usernames;
import adit.server.admin.AdminServer;
import adit.server.admin.AdminSources;
import adit.server.admin.PoolFacts;
import adit.server.config.PoolConfig;
import adit.server.metrics.EventLog;
import adit.server.metrics.PoolMetrics;
import adit.server.takeover.Following;
import adit.server.takeover.HandedOver;

/// The running pool: made here in the order its parts need each other, started in that order, stopped in
/// the reverse.
public final class PoolServer implements AutoCloseable {

    /// How long miners may be let go over.
    public static final Duration LONGEST_DRAIN = Drain.LONGEST;

    private static final Duration FIRST_WORK = Duration.ofSeconds(60);
    private static final int MAX_ACCOUNTS = 1_000_000;
    private static final int MAX_WORKERS = 2_000_000;

    private final EventLog events = new EventLog();
    private final OpenParts parts = new OpenParts();
    private final StratumSide stratum;
    private final LedgerSide ledger;
    private final Housekeeping housekeeping;
    private final AdminServer admin;
    private final PoolControl control;
    private boolean hasStarted;
    private volatile boolean hasFailed;

    /// Opens the journal, which makes a new epoch; listens to nobody yet.
    ///
    /// @param ended called when the pool was drained or has failed: it is to be closed
    /// @throws CannotStart with one line for the operator
    public PoolServer(PoolConfig config, ChainParameters chain, Database database, Runnable ended) {
        var registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        var metrics = new PoolMetrics(registry);
        var payTo = checkPayoutAddress(config, chain);
        var usernames = usernames(config, chain);
        events.starting(Version.current(), chain.name());
        var journal = openJournal(config, metrics);
        parts.opened(journal::close);
        try {
            metrics.watchProcess();
            parts.opened(metrics::close);
            database.measure(registry);
            stratum =
                    new StratumSide(
                            config, chain, usernames, payTo.script(), journal, events, metrics);
            parts.opened(stratum::close);
            ledger =
                    new LedgerSide(
                            config.scheme(),
                            database.connections(),
                            journal,
                            stratum.nodes()::confirmations,
                            events,
                            () -> {
                                hasFailed = true;
                                ended.run();
                            });
            // It ends last: what the journal wrote at its end is still to be stored.
            parts.openedToTheLast(ledger::close);
            watchLedger(metrics);
            housekeeping = housekeeping(config, database, journal, ledger);
            parts.opened(housekeeping::close);
            admin =
                    new AdminServer(
                            config.http(),
                            facts(config, chain),
                            () -> stratum.snapshot(ledger.status().trouble()),
                            new AdminSources(database.readers(), stratum.firmware(), registry),
                            events,
                            InstantSource.system());
            parts.opened(admin::close);
            watchBlocks(metrics);
            control =
                    new PoolControl(
                            config.pool().dataDirectory(), stratum, journal, admin, events, ended);
            parts.opened(control::close);
        } catch (RuntimeException cannot) {
            parts.closeAfter(cannot);
            throw cannot;
        }
    }

    /// The address the coinbase will pay.
    ///
    /// @throws CannotStart where it cannot be paid on this network
    public static PayoutAddress checkPayoutAddress(PoolConfig config, ChainParameters chain) {
        return PayoutAddress.parse(config.pool().payoutAddress(), chain.name())
                .orElseThrow(() -> CannotStart.payoutAddress(config, chain.name()));
    }

    /// A split with the accounts that it pays.
    ///
    /// @throws CannotStart where one of them cannot be credited
    public static Split checkSplit(
            PoolConfig config, PoolConfig.Split split, ChainParameters chain) {
        var payees = new ArrayList<Payees.Payee>();
        for (var payee : split.payees()) {
            var account =
                    Account.parse(payee.account(), chain.name())
                            .filter(a -> a.address() != null || config.accounts().names())
                            .orElseThrow(
                                    () -> CannotStart.payee(split, payee.account(), chain.name()));
            payees.add(new Payees.Payee(account, payee.parts()));
        }
        return new Split(split.name(), payees, split.minersParts());
    }

    private static Usernames usernames(PoolConfig config, ChainParameters chain) {
        var splits = config.splits().stream().map(split -> checkSplit(config, split, chain));
        return new Usernames(chain.name(), config.accounts().names(), splits.toList());
    }

    /// Opens the ports first, so that one in use is told before anything else has begun.
    ///
    /// @throws RuntimeException whose message is one line for the operator; close it then too
    public void start() {
        control.open();
        stratum.listen(HandedOver.NOTHING, false);
        admin.start();
        ledger.start();
        stratum.start();
        housekeeping.start();
        hasStarted = true;
    }

    /// Takes over from the running pool: nothing it holds is touched before this one has work to hand out.
    ///
    /// @throws RuntimeException whose message is one line for the operator; close it then too
    public void start(Following following) {
        ledger.start();
        stratum.start();
        if (!stratum.awaitWork(FIRST_WORK)) {
            throw new CannotStart(
                    "No node has given a template in %d s, so the running pool goes on: look at [[node]] and its log."
                            .formatted(FIRST_WORK.toSeconds()));
        }
        if (hasFailed) {
            throw new CannotStart(
                    "This pool cannot go on, as its log says, so the running one does.");
        }
        var handed = following.takePorts();
        stratum.listen(handed, following.isGone());
        following.serving();
        opened(following, admin::start);
        opened(following, control::open);
        housekeeping.start();
        following.whenGone(() -> {
            events.followedEnded();
            stratum.takeUpBlocks();
        });
        hasStarted = true;
    }

    private static void opened(Following following, Runnable open) {
        StillHeld.open(open, () -> !following.isGone());
    }

    /// Whether it ended because it could not go on; its log says why.
    public boolean hasFailed() {
        return hasFailed;
    }

    @Override
    public void close() {
        if (hasStarted) {
            events.stopping();
        }
        parts.close();
        if (hasStarted) {
            events.stopped();
        }
    }

    private void watchBlocks(PoolMetrics metrics) {
        for (var state : BlockState.values()) {
            metrics.watchBlocks(state.name().toLowerCase(Locale.ROOT), () -> admin.blocksIn(state));
        }
    }

    private static PoolFacts facts(PoolConfig config, ChainParameters chain) {
        return new PoolFacts(
                config.pool().name(),
                chain.name(),
                Version.current(),
                config.scheme().kind().name(),
                config.scheme().feeBps(),
                config.pool().serverId(),
                Instant.now(),
                config.listeners());
    }

    private Housekeeping housekeeping(
            PoolConfig config, Database database, ShareJournal journal, LedgerSide leading) {
        return new Housekeeping(
                config,
                database.connections(),
                journal,
                leading::isLeader,
                events,
                InstantSource.system());
    }

    private void watchLedger(PoolMetrics metrics) {
        metrics.watchLedger(
                () -> ledger.status().waitingRecords(),
                () -> !ledger.status().trouble().isEmpty(),
                ledger::isLeader);
    }

    private static ShareJournal openJournal(PoolConfig config, PoolMetrics metrics) {
        return ShareJournal.open(
                journalSettings(config),
                DirectoryStorage.at(config.journal().directory()),
                InstantSource.system(),
                metrics::journalCommit);
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
