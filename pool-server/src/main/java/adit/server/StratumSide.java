package adit.server;

import java.net.InetSocketAddress;
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
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

import io.netty.channel.EventLoop;
import org.jspecify.annotations.Nullable;

import adit.ledger.journal.ShareJournal;
import adit.node.ChainParameters;
import adit.node.NodeSet;
import adit.node.Proposal;
import adit.pow.Job;
import adit.server.account.Usernames;
import adit.server.admin.PoolSnapshot;
import adit.server.block.BlockDesk;
import adit.server.channel.DifficultyMemory;
import adit.server.channel.ShareLoop;
import adit.server.config.Limits;
import adit.server.config.PoolConfig;
import adit.server.firmware.FirmwareShelf;
import adit.server.job.DirectJobs;
import adit.server.job.ExtranonceSpace;
import adit.server.job.JobBoard;
import adit.server.job.JobMaker;
import adit.server.job.JobProof;
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

/// The half of the pool that miners see: templates become jobs, submissions become journal records, blocks
/// go out. It needs the disk and a node, and nothing of PostgreSQL.
///
/// When the journal fails, ports close and miners are let go, so that they turn to their other pools.
final class StratumSide implements AutoCloseable {

    private static final Duration TICK = Duration.ofSeconds(1);
    private static final Duration HEIGHTS_TICK = Duration.ofSeconds(5);
    private static final Duration DOORSTEP_TICK = Duration.ofSeconds(1);
    private static final Duration JOURNAL_WATCH = Duration.ofMillis(200);
    private static final long WORK_LOOK_NANOS = 10_000_000;

    private final PoolConfig config;
    private final ShareJournal journal;
    private final EventLog events;
    private final PoolMetrics metrics;
    private final ScheduledExecutorService jobs =
            Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().name("jobs").factory());
    private final JobBoard board = new JobBoard();
    private final Entrances entrances;
    private final AtomicBoolean letGo = new AtomicBoolean();
    private final NodeSet nodes;
    private final StratumWatch watch;
    private final HeightWatch heights;
    private final LetGo withoutWork;
    private final BlockDesk blocks;
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
        nodes =
                new NodeSet(
                        chain,
                        config.nodes().stream().map(ConfiguredNodes::nodeSettings).toList(),
                        ConfiguredNodes.timings(config.jobs()),
                        jobMaker(),
                        InstantSource.system());
        watch = new StratumWatch(metrics, System::nanoTime);
        watch.watch(nodes);
        board.addAudience(watch);
        heights = new HeightWatch(nodes::status, this::jobHeight, events, metrics);
        withoutWork =
                new LetGo(
                        Duration.ofSeconds(config.jobs().letGoAfterSeconds()),
                        doors(),
                        sources::open,
                        events,
                        System::nanoTime);
        board.addAudience(withoutWork);
        metrics.watchJournal(
                journal::recordsInFlight, journal::durableSequence, journal::isWritable);
        var data = config.pool().dataDirectory();
        blocks = new BlockDesk(data.resolve("blocks"), nodes, events, metrics);
        traces = new WireTraces(data.resolve("traces"), InstantSource.system());
        remembered = new Remembered(data, sources, difficulties, events);
        loops =
                new EventLoops<>(
                        Runtime.getRuntime().availableProcessors(), System::nanoTime, this::v1Loop);
        traces.whenChanged(() -> loops.forEach(V1Loop::traceAgain));
        drain = new Drain(loops, sources::open, jobs, events);
    }

    WireTraces traces() {
        return traces;
    }

    Sources sources() {
        return sources;
    }

    private Sources sources(PoolConfig.Limits limits) {
        var made =
                new Sources(
                        mostConnections(),
                        !limits.exemptLoopback(),
                        ladder::isClosed,
                        metrics,
                        events,
                        System::nanoTime);
        metrics.watchLoad(() -> ladder.level().number);
        metrics.watchSources(made::known);
        return made;
    }

    NodeSet nodes() {
        return nodes;
    }

    List<InetSocketAddress> addresses() {
        return ports.addresses();
    }

    /// Reads again what may be changed while the pool runs.
    ///
    /// @return what came of it, a line for each
    String reload() {
        return certificates == null
                ? firmware.reload()
                : firmware.reload() + "\n" + certificates.reload();
    }

    FirmwareShelf firmware() {
        return firmware;
    }

    /// What the status page shows of this half.
    PoolSnapshot snapshot(String projectionTrouble) {
        var current = board.current();
        return new PoolSnapshot(
                sources.open(),
                ports.shown(),
                metrics.submissionsByVerdict(),
                metrics.creditedUnits(),
                current.map(StratumSide::mining).orElse(null),
                withoutWork.keepsLastJob(),
                nodes.status(),
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
    /// @throws PortUnavailable with one line for the operator
    void listen(HandedOver handed) {
        remembered.recall();
        var channels =
                handed.channels().stream()
                        .map(ParkedChannel::parse)
                        .flatMap(Optional::stream)
                        .toList();
        loops.forEach(loop -> loop.expectChannels(channels));
        for (var listener : config.listeners()) {
            ports.add(open(listener, Ports.socket(listener, handed)));
        }
        if (!handed.ports().isEmpty()) {
            events.portsTakenOver(handed.ports().size(), handed.channels().size());
        }
    }

    /// Waits for the first job, so that who comes finds work.
    ///
    /// @return whether there is one
    boolean awaitWork(Duration atMost) {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (board.current().isEmpty() && System.nanoTime() < deadline) {
            LockSupport.parkNanos(WORK_LOOK_NANOS);
        }
        return board.current().isPresent();
    }

    /// Accepts nobody for the time being, and says what another process needs to go on. What is remembered
    /// is in the files then.
    HandedOver handOver() {
        var ports = this.ports.handOver();
        var channels = Collections.synchronizedList(new ArrayList<ParkedChannel>());
        loops.awaitEach(loop -> loop.exportChannels(channels));
        remembered.handOver();
        var handed = new HandedOver(ports, channels.stream().map(ParkedChannel::line).toList());
        events.portsHandedOver(ports.size(), handed.channels().size());
        return handed;
    }

    /// Lets miners go over this time; the ports are closed at once unless somebody else keeps them open.
    void drain(Duration over, boolean isFollowed, Runnable drained) {
        if (!isFollowed) {
            ports.close();
        }
        drain.begin(over, drained);
    }

    boolean isDraining() {
        return drain.isOn();
    }

    /// Everything as before: whoever took over is gone.
    void goOn() {
        drain.cancel();
        remembered.takeBack();
        ports.goOn();
    }

    /// Sends the blocks that another process on this directory has left.
    void takeUpBlocks() {
        blocks.start();
    }

    void start() {
        if (certificates != null) {
            certificates.start(this::openWaiting);
        }
        metrics.watchDrain(drain::isOn);
        blocks.start();
        nodes.start();
        var summary = new Summary(metrics, sources::open, events, System::nanoTime);
        long often = Summary.INTERVAL.toSeconds();
        var _ =
                jobs.scheduleAtFixedRate(
                        surviving("the summary", summary::tell), often, often, TimeUnit.SECONDS);
        remembered.start();
        long watchMillis = JOURNAL_WATCH.toMillis();
        var _ =
                jobs.scheduleAtFixedRate(
                        surviving("the watch over the journal", this::watchJournal),
                        watchMillis,
                        watchMillis,
                        TimeUnit.MILLISECONDS);
        long heightsEvery = HEIGHTS_TICK.toMillis();
        var _ =
                jobs.scheduleAtFixedRate(
                        surviving("the watch over heights", heights::look),
                        heightsEvery,
                        heightsEvery,
                        TimeUnit.MILLISECONDS);
        var _ =
                jobs.scheduleAtFixedRate(
                        surviving("the watch over work", withoutWork::tick),
                        1,
                        1,
                        TimeUnit.SECONDS);
        var load = new LoadWatch(journal, loops, watch, ladder, metrics, events, System::nanoTime);
        long measure = LoadWatch.INTERVAL.toMillis();
        var _ =
                jobs.scheduleAtFixedRate(
                        surviving("the watch over the load", load::look),
                        measure,
                        measure,
                        TimeUnit.MILLISECONDS);
        long doors = DOORSTEP_TICK.toMillis();
        var _ = jobs.scheduleAtFixedRate(loops::tickDoorsteps, doors, doors, TimeUnit.MILLISECONDS);
    }

    /// Lets miners go, then waits until what they were promised is on disk.
    @Override
    public void close() {
        traces.close();
        ports.close();
        if (certificates != null) {
            certificates.close();
        }
        nodes.close();
        loops.close();
        blocks.close();
        jobs.shutdownNow();
        remembered.close();
    }

    /// A task done again and again, which a defect of ours in one turn must not end without a word.
    private Runnable surviving(String what, Runnable task) {
        return () -> {
            try {
                task.run();
            } catch (RuntimeException defect) {
                events.bug(what, defect);
            }
        };
    }

    private JobMaker jobMaker() {
        return new JobMaker(
                board,
                payoutScript,
                config.pool().tag(),
                config.jobs().versionRollingMask(),
                journal.epoch(),
                journal::tip,
                new JobProof(provers(), jobs, metrics),
                jobs,
                events);
    }

    private StratumListener open(PoolConfig.Listener listener, ListeningSocket socket) {
        var opened = StratumListener.open(socket, entrances.of(listener), loops, sources);
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
                opened.name(), opened.configured().getHostString(), opened.address().getPort());
    }

    private void openWaiting() {
        try {
            ports.openWaiting().forEach(this::tellOpen);
        } catch (PortUnavailable taken) {
            events.portUnavailable(String.valueOf(taken.getMessage()));
        }
    }

    /// What the operator allows, as far as the system's limit of open files does.
    private int mostConnections() {
        int wanted = config.limits().connections();
        long files = OpenFiles.most();
        long allowed = files * Limits.CONNECTIONS_PERCENT_OF_FILES / 100;
        if (allowed < wanted) {
            events.fewFiles(files, allowed, wanted);
        }
        return (int) Math.min(allowed, wanted);
    }

    private V1Loop v1Loop(EventLoop loop, int number) {
        var shares =
                new ShareLoop(
                        journal,
                        blocks,
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
                        board,
                        metrics,
                        events,
                        loop,
                        System::nanoTime,
                        config.jobs().versionRollingMask(),
                        traces,
                        new SecureRandom()::nextLong,
                        other -> loops.room(other),
                        difficulties);
        long tick = TICK.toMillis();
        var _ =
                loop.scheduleAtFixedRate(
                        surviving("the deadlines of a loop", v1::tick),
                        tick,
                        tick,
                        TimeUnit.MILLISECONDS);
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

    private int jobHeight() {
        return board.current().map(job -> job.template().height()).orElse(-1);
    }

    private JobProof.Node provers() {
        return new JobProof.Node() {
            @Override
            public Proposal propose(byte[] block, String node) {
                return nodes.propose(block, node);
            }

            @Override
            public void avoid(String node) {
                nodes.avoid(node);
            }
        };
    }

    private LetGo.Doors doors() {
        return new LetGo.Doors() {
            @Override
            public void close() {
                ports.close();
            }

            @Override
            public void open() {
                // Without a journal nobody is let in again, for nothing could be acknowledged; nor
                // is
                // anybody who would only be let go.
                if (!letGo.get() && !drain.isOn()) {
                    ports.reopen();
                }
            }

            @Override
            public void letGo(long oneIn) {
                loops.forEach(loop -> loop.letGo(oneIn));
            }
        };
    }

    private static PoolSnapshot.Mining mining(Job job) {
        var template = job.template();
        return new PoolSnapshot.Mining(
                template.height(), template.nBits(), job.rewardSats(), template.node());
    }
}
