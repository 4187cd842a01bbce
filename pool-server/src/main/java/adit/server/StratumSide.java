package adit.server;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

import io.netty.channel.EventLoop;
import org.jspecify.annotations.Nullable;

import adit.ledger.journal.ShareJournal;
import adit.node.ChainParameters;
import adit.node.NodeSet;
import adit.pow.Job;
import adit.server.account.Usernames;
import adit.server.admin.PoolSnapshot;
import adit.server.channel.DifficultyMemory;
import adit.server.channel.ShareLoop;
import adit.server.config.Limits;
import adit.server.config.PoolConfig;
import adit.server.config.Reread;
import adit.server.firmware.FirmwareShelf;
import adit.server.job.DirectJobs;
import adit.server.job.ExtranonceSpace;
import adit.server.metrics.EventLog;
import adit.server.metrics.PoolMetrics;
import adit.server.net.Certificates;
import adit.server.net.EventLoops;
import adit.server.net.ListeningSocket;
import adit.server.net.PortUnavailable;
import adit.server.net.StratumListener;
import adit.server.session.v1.ParkedChannel;
import adit.server.session.v1.V1Loop;
import adit.server.source.LoadLadder;
import adit.server.source.Sources;
import adit.server.takeover.HandedOver;
import adit.server.trace.WireTraces;

/// The half of the pool that miners see: they are given the jobs of [WorkSide], and what they submit becomes
/// journal records. It needs the disk and a node, and nothing of PostgreSQL.
///
/// When the journal fails, ports close and miners are let go, so that they turn to their other pools.
final class StratumSide implements AutoCloseable {

    private static final Duration TICK = Duration.ofSeconds(1);
    private static final Duration DOORSTEP_TICK = Duration.ofSeconds(1);
    private static final Duration JOURNAL_WATCH = Duration.ofMillis(200);
    private static final Duration WORK_WATCH = Duration.ofSeconds(1);

    private final PoolConfig config;
    private final ShareJournal journal;
    private final EventLog events;
    private final PoolMetrics metrics;
    private final WorkSide work;
    private final Rounds rounds;
    private final Entrances entrances;
    private final AtomicBoolean letGo = new AtomicBoolean();
    private final StratumWatch watch;
    private final LetGo withoutWork;
    private final LoadLadder ladder = new LoadLadder(System.nanoTime());
    private final Sources sources;
    private final DifficultyMemory difficulties =
            new DifficultyMemory(() -> LocalDate.now(ZoneOffset.UTC).toEpochDay());
    private final Remembered remembered;
    private final EventLoops<V1Loop> loops;
    private final FirmwareShelf firmware;
    private final byte[] payoutScript;
    private final WireTraces traces;
    private final Drain drain;
    private final Ports ports = new Ports();
    private final @Nullable Certificates certificates;
    private volatile boolean isFollowed;

    StratumSide(
            PoolConfig config,
            ChainParameters chain,
            Usernames usernames,
            byte[] payoutScript,
            ShareJournal journal,
            EventLog events,
            PoolMetrics metrics) {
        this.config = config;
        this.journal = journal;
        this.events = events;
        this.metrics = metrics;
        this.payoutScript = payoutScript;
        firmware = new FirmwareShelf(config.pool().firmwareBook());
        sources = sources(config.limits());
        certificates =
                Certificates.of(config.certificate(), events, metrics, InstantSource.system());
        entrances = new Entrances(config, usernames, !chain.isolated(), certificates);
        work = new WorkSide(config, chain, payoutScript, journal, events, metrics);
        rounds = new Rounds(work.jobs(), events);
        watch = new StratumWatch(metrics, System::nanoTime);
        watch.watch(work.nodes());
        work.board().addAudience(watch);
        withoutWork =
                new LetGo(
                        Duration.ofSeconds(config.jobs().letGoAfterSeconds()),
                        doors(),
                        sources::open,
                        events,
                        System::nanoTime);
        work.board().addAudience(withoutWork);
        metrics.watchJournal(
                journal::recordsInFlight, journal::durableSequence, journal::isWritable);
        var data = config.pool().dataDirectory();
        traces = new WireTraces(data.resolve("traces"), InstantSource.system());
        remembered = new Remembered(data, sources, difficulties, work::keepFloor, events);
        loops =
                new EventLoops<>(
                        Runtime.getRuntime().availableProcessors(), System::nanoTime, this::v1Loop);
        traces.whenChanged(() -> loops.forEach(V1Loop::traceAgain));
        drain = new Drain(miners(), work.jobs(), events);
    }

    WireTraces traces() {
        return traces;
    }

    /// The highest number that a connection was given; 0 before the first.
    long newestConnection() {
        return entrances.connections();
    }

    Sources sources() {
        return sources;
    }

    private Sources sources(PoolConfig.Limits limits) {
        var made =
                new Sources(
                        Sources.Bounds.of(
                                OpenFiles.connections(limits.connections(), events),
                                !limits.exemptLoopback()),
                        ladder::isClosed,
                        () ->
                                work.board()
                                        .current()
                                        .map(Job::networkUnits)
                                        .orElse(Limits.CREDIT_UNITS),
                        metrics,
                        events,
                        System::nanoTime);
        metrics.watchLoad(() -> ladder.level().number);
        metrics.watchSources(made::known);
        return made;
    }

    NodeSet nodes() {
        return work.nodes();
    }

    /// Reads again what may be changed while the pool runs.
    ///
    /// @return what came of each
    List<Reread> reload() {
        return certificates == null
                ? List.of(firmware.reload())
                : List.of(firmware.reload(), certificates.reload());
    }

    FirmwareShelf firmware() {
        return firmware;
    }

    /// What the status page shows of this half.
    PoolSnapshot snapshot(String projectionTrouble) {
        var current = work.board().current();
        return new PoolSnapshot(
                sources.open(),
                ports.shown(),
                metrics.submissionsByVerdict(),
                metrics.creditedUnits(),
                current.map(StratumSide::mining).orElse(null),
                withoutWork.keepsLastJob(),
                work.nodes().status(),
                new PoolSnapshot.Journal(
                        journal.epoch(),
                        journal.durableSequence(),
                        journal.recordsInFlight(),
                        journal.failure().map(Throwable::getMessage).orElse("")),
                projectionTrouble,
                drain.isOn(),
                ladder.level());
    }

    /// Opens the ports; those handed over have been open all the time. Who comes finds what it had in the
    /// process before.
    ///
    /// @param stillHeld whether a process that has just died may hold them a moment longer
    /// @throws PortUnavailable with one line for the operator
    void listen(HandedOver handed, boolean stillHeld) {
        remembered.recall();
        var channels =
                handed.channels().stream()
                        .map(ParkedChannel::parse)
                        .flatMap(Optional::stream)
                        .toList();
        loops.forEach(loop -> loop.expectChannels(channels));
        for (var listener : config.listeners()) {
            StillHeld.open(
                    () -> ports.add(open(listener, Ports.socket(listener, handed))),
                    () -> !stillHeld);
        }
        if (certificates != null) {
            certificates.startOrders();
        }
        if (!handed.ports().isEmpty()) {
            events.portsTakenOver(handed.ports().size(), handed.channels().size());
        }
    }

    /// Waits for the first job, so that who comes finds work.
    ///
    /// @return whether there is one
    boolean awaitWork(Duration atMost) {
        return work.awaitFirst(atMost);
    }

    /// Accepts nobody for the time being, and says what another process needs to go on. What is remembered
    /// is in the files then.
    HandedOver handOver() {
        var ports = this.ports.handOver();
        var channels = Collections.synchronizedList(new ArrayList<ParkedChannel>());
        loops.awaitEach(loop -> loop.exportChannels(channels));
        remembered.handOver();
        if (certificates != null) {
            certificates.pauseOrders();
        }
        var handed = new HandedOver(ports, channels.stream().map(ParkedChannel::line).toList());
        events.portsHandedOver(ports.size(), handed.channels().size());
        return handed;
    }

    /// Lets miners go over this time; the ports are closed at once unless somebody else keeps them open.
    void drain(Duration over, boolean isFollowed, Runnable drained) {
        if (!isFollowed) {
            ports.close();
        }
        this.isFollowed = isFollowed;
        drain.begin(over, drained);
    }

    boolean isDraining() {
        return drain.isOn();
    }

    /// Everything as before: whoever took over is gone.
    void goOn() {
        isFollowed = false;
        drain.cancel();
        remembered.takeBack();
        if (certificates != null) {
            certificates.startOrders();
        }
        ports.goOn();
    }

    /// Sends the blocks that another process on this directory has left.
    void takeUpBlocks() {
        work.blocks().start();
    }

    void start() {
        if (certificates != null) {
            certificates.start(this::openWaiting);
        }
        metrics.watchDrain(drain::isOn);
        work.start();
        remembered.start();
        var summary = new Summary(metrics, sources::open, events, System::nanoTime);
        var load = new LoadWatch(journal, loops, watch, ladder, metrics, events, System::nanoTime);
        rounds.every(Summary.INTERVAL, "the summary", summary::tell);
        rounds.every(JOURNAL_WATCH, "the watch over the journal", this::watchJournal);
        rounds.every(WORK_WATCH, "the watch over work", withoutWork::tick);
        rounds.every(LoadWatch.INTERVAL, "the watch over the load", load::look);
        rounds.every(DOORSTEP_TICK, "the deadlines at the door", loops::tickDoorsteps);
    }

    /// Lets miners go, then waits until what they were promised is on disk.
    @Override
    public void close() {
        traces.end(
                isFollowed ? "another process has taken this pool over" : "the pool has stopped");
        ports.close();
        work.endJobs();
        // They ask the loops, which are about to end.
        rounds.end();
        loops.close();
        if (certificates != null) {
            certificates.close();
        }
        work.close();
        remembered.close();
    }

    private StratumListener open(PoolConfig.Listener listener, ListeningSocket socket) {
        var opened = StratumListener.open(socket, entrances.of(listener), loops, sources, events);
        metrics.watchConnections(listener.name(), opened::connections);
        if (opened.isOpen()) {
            tellOpen(opened);
        } else {
            events.waitsForCertificate(listener.name());
        }
        return opened;
    }

    private void tellOpen(StratumListener opened) {
        events.listening(
                opened.name(),
                opened.configured().getHostString(),
                opened.address().getPort(),
                opened.tls());
    }

    private void openWaiting() {
        try {
            ports.openWaiting().forEach(this::tellOpen);
        } catch (PortUnavailable taken) {
            events.portUnavailable(String.valueOf(taken.getMessage()));
        }
    }

    private V1Loop v1Loop(EventLoop loop, int number) {
        var shares =
                new ShareLoop(
                        journal,
                        work.blocks(),
                        metrics,
                        loop,
                        System::nanoTime,
                        () -> Instant.now().getEpochSecond());
        var extranonces =
                new ExtranonceSpace(
                        config.pool().serverId(),
                        number,
                        Runtime.getRuntime().availableProcessors(),
                        new SecureRandom().nextInt(),
                        Limits.PREFIX_REST_MILLIS,
                        System::currentTimeMillis);
        var v1 =
                new V1Loop(
                        shares,
                        extranonces,
                        new JournalReferences(journal),
                        firmware,
                        new DirectJobs(payoutScript, config.scheme().feeBps()),
                        work.board(),
                        metrics,
                        events,
                        loop,
                        System::nanoTime,
                        config.jobs().versionRollingMask(),
                        traces,
                        new SecureRandom()::nextLong,
                        other -> loops.room(other),
                        difficulties);
        new Rounds(loop, events).every(TICK, "the deadlines of a loop", v1::tick);
        return v1;
    }

    private void watchJournal() {
        if (!journal.isWritable() && letGo.compareAndSet(false, true)) {
            events.journalFailed(
                    journal.failure().map(Throwable::getMessage).orElse("unknown reason"));
            ports.close();
            loops.forEach(V1Loop::letGo);
        }
    }

    private LetGo.Doors doors() {
        return new LetGo.Doors() {
            @Override
            public void close() {
                ports.close();
            }

            @Override
            public boolean open() {
                // Without a journal nothing could be acknowledged, and who comes while miners are
                // let go would only be let go too.
                boolean isWelcome = !letGo.get() && !drain.isOn();
                if (isWelcome) {
                    ports.reopen();
                }
                return isWelcome;
            }

            @Override
            public void letGo(long oneIn) {
                loops.forEach(loop -> loop.letGo(oneIn));
            }
        };
    }

    private Drain.Miners miners() {
        return new Drain.Miners() {
            @Override
            public int connected() {
                return sources.open();
            }

            @Override
            public void letGo(int steps) {
                loops.forEach(loop -> loop.drain(steps));
            }

            @Override
            public void keep() {
                loops.forEach(V1Loop::endDrain);
            }
        };
    }

    private static PoolSnapshot.Mining mining(Job job) {
        var template = job.template();
        return new PoolSnapshot.Mining(
                template.height(), template.nBits(), job.rewardSats(), template.node());
    }
}
