package adit.server;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.locks.LockSupport;

import adit.ledger.journal.ShareJournal;
import adit.node.ChainParameters;
import adit.node.NodeSet;
import adit.node.Proposal;
import adit.server.block.BlockDesk;
import adit.server.config.PoolConfig;
import adit.server.job.JobBoard;
import adit.server.job.JobMaker;
import adit.server.job.JobProof;
import adit.server.metrics.EventLog;
import adit.server.metrics.PoolMetrics;

/// Where work comes from and where blocks go: the nodes, the jobs made of their templates, and the desk that
/// delivers found blocks.
///
/// **Owner:** the `jobs` thread makes the jobs; everything else may be asked from any thread.
final class WorkSide implements AutoCloseable {

    private static final Duration HEIGHTS_TICK = Duration.ofSeconds(5);
    private static final long WORK_LOOK_NANOS = 10_000_000;

    private final ScheduledExecutorService jobs =
            Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().name("jobs").factory());
    private final JobBoard board = new JobBoard();
    private final EventLog events;
    private final FloorFile floor;
    private final NodeSet nodes;
    private final HeightWatch heights;
    private final BlockDesk blocks;

    WorkSide(
            PoolConfig config,
            ChainParameters chain,
            byte[] payoutScript,
            ShareJournal journal,
            EventLog events,
            PoolMetrics metrics) {
        this.events = events;
        var maker =
                new JobMaker(
                        board,
                        payoutScript,
                        config.pool().tag(),
                        config.jobs().versionRollingMask(),
                        journal.epoch(),
                        journal::tip,
                        new JobProof(provers(), jobs, metrics),
                        jobs,
                        events,
                        System::nanoTime);
        floor = new FloorFile(config.pool().dataDirectory(), chain.name(), events);
        nodes =
                new NodeSet(
                        chain,
                        config.nodes().stream().map(ConfiguredNodes::nodeSettings).toList(),
                        ConfiguredNodes.timings(config.jobs()),
                        maker,
                        floor.read(),
                        InstantSource.system());
        heights = new HeightWatch(nodes::status, this::jobHeight, events, metrics);
        blocks = new BlockDesk(blockDirectories(config.pool()), nodes, journal, events, metrics);
    }

    /// The thread that jobs are made on, for what else is done there.
    ScheduledExecutorService jobs() {
        return jobs;
    }

    JobBoard board() {
        return board;
    }

    NodeSet nodes() {
        return nodes;
    }

    BlockDesk blocks() {
        return blocks;
    }

    /// Writes down what no node may fall far below.
    void keepFloor() {
        floor.write(nodes.floor());
    }

    /// Waits for the first job, so that who comes finds work.
    ///
    /// @return whether there is one
    boolean awaitFirst(Duration atMost) {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (board.current().isEmpty() && System.nanoTime() < deadline) {
            LockSupport.parkNanos(WORK_LOOK_NANOS);
        }
        return board.current().isPresent();
    }

    void start() {
        blocks.start();
        nodes.start();
        new Rounds(jobs, events).every(HEIGHTS_TICK, "the watch over heights", heights::look);
    }

    /// Makes no more jobs; blocks that are found still go out.
    void endJobs() {
        nodes.close();
    }

    @Override
    public void close() {
        blocks.close();
        jobs.shutdownNow();
    }

    private static List<Path> blockDirectories(PoolConfig.Pool pool) {
        var first = pool.dataDirectory().resolve("blocks");
        var second = pool.secondBlockDirectory();
        return second == null ? List.of(first) : List.of(first, second);
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
}
