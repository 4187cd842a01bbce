package adit.node;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import adit.pow.Hash;
import adit.pow.Template;

/// One configured node: keeps its view up to date.
///
/// ```
///            health thread                    long-poll thread              ZMQ thread
/// STARTING ─ right network? synced? ─┐        waits for the next template   hashblock
///    ▲                               ▼                  │                      │ header → first template
///    └── UNREACHABLE, … ◀────────  READY ◀──────────────┴──────────────────────┘ then the full one
/// ```
///
/// The health thread alone turns a node READY. The others only bring templates to a ready node; when they fail they
/// wake the health thread, which finds out why.
///
/// **Owner:** none; the view is replaced by compare-and-set, see [NodeView].
final class NodeClient implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NodeClient.class);

    /// A long poll that brings nothing new this soon is not waiting at all.
    private static final Duration TOO_SOON = Duration.ofSeconds(1);

    /// Further apart, a node's clock or ours is wrong, and miners' header times could be refused.
    private static final Duration MAX_CLOCK_GAP = Duration.ofMinutes(10);

    /// How long the reading of a template may wait for the header of its tip.
    private static final Duration FIRST_JOB_WAIT = Duration.ofMillis(200);

    /// Answers of "too busy" in a row after which a node is not counted on.
    private static final int BUSY_LIMIT = 3;

    private final NodeSettings settings;
    private final ChainParameters chain;
    private final NodeTimings timings;
    private final AtomicLong templateIds;
    private final InstantSource clock;
    private final Runnable changed;
    private final FirstJobTold firstJobTold;
    private final NodeRpc rpc;
    private final NodeChecks checks;
    private final AtomicReference<NodeView> view = new AtomicReference<>(NodeView.UNKNOWN);
    private final Semaphore healthWanted = new Semaphore(0);
    private final Semaphore pollWanted = new Semaphore(0);
    private final Thread healthThread;
    private final Thread pollThread;
    private final @Nullable HashBlockSubscriber zmq;
    private volatile boolean closed;

    // Both belong to the health thread.
    private int busyInARow;
    private Instant refreshDue = Instant.MIN;

    /// Waits until miners have been told of the first job on a tip.
    @FunctionalInterface
    interface FirstJobTold {
        void await(Hash tip) throws InterruptedException;
    }

    /// @param changed told whenever the view is another one
    NodeClient(
            NodeSettings settings,
            ChainParameters chain,
            NodeTimings timings,
            AtomicLong templateIds,
            InstantSource clock,
            Runnable changed,
            FirstJobTold firstJobTold) {
        this.settings = settings;
        this.chain = chain;
        this.timings = timings;
        this.templateIds = templateIds;
        this.clock = clock;
        this.changed = changed;
        this.firstJobTold = firstJobTold;
        rpc = new NodeRpc(settings, chain, timings, templateIds);
        checks = new NodeChecks(rpc, chain, timings, clock);
        healthThread =
                Thread.ofVirtual().name("node-" + name() + "-health").unstarted(this::lookForever);
        pollThread =
                Thread.ofVirtual().name("node-" + name() + "-poll").unstarted(this::pollForever);
        var address = settings.zmqHashBlock();
        zmq = address == null ? null : new HashBlockSubscriber(name(), address, this::announced);
    }

    void start() {
        healthThread.start();
        pollThread.start();
        if (zmq != null) {
            zmq.start();
        }
    }

    @Override
    public void close() {
        closed = true;
        healthThread.interrupt();
        pollThread.interrupt();
        if (zmq != null) {
            zmq.close();
        }
    }

    String name() {
        return settings.name();
    }

    NodeView view() {
        return view.get();
    }

    NodeRpc rpc() {
        return rpc;
    }

    private void lookForever() {
        try {
            while (!closed) {
                look();
                pollWanted.release();
                healthWanted.tryAcquire(timings.healthInterval().toMillis(), TimeUnit.MILLISECONDS);
                healthWanted.drainPermits();
            }
        } catch (InterruptedException _) {
            // The client is closed.
        }
    }

    /// Looks at the node once, and fetches a template when it is well and a new one is due.
    private void look() {
        try {
            var found = checks.look();
            busyInARow = 0;
            var doubt = found.doubt();
            if (doubt != null) {
                fail(doubt.health(), doubt.why());
                return;
            }
            var now = clock.instant();
            if (!view().isReady()
                    || !found.tip().equals(view().tip())
                    || !now.isBefore(refreshDue)) {
                fetchAsWell();
                refreshDue = now.plus(timings.refreshInterval());
            }
        } catch (NodeUnavailable e) {
            unavailable(e);
        } catch (NodeRejected e) {
            rejected(e);
        } catch (BadTemplate e) {
            fail(NodeHealth.BAD_TEMPLATE, "gives no good template: " + e.why());
        } catch (RuntimeException e) {
            // Our own mistake; this thread must outlive it, or the node would look well for ever.
            LOG.error("looking at node {}", name(), e);
            fail(NodeHealth.BAD_TEMPLATE, "gave an answer this version cannot handle (" + e + ")");
        }
    }

    private void fetchAsWell() {
        var asked = view().tip();
        var fetched = rpc.template(_ -> {});
        long aheadSeconds = clockAheadSeconds(fetched.template());
        if (!chain.isolated() && Math.abs(aheadSeconds) > MAX_CLOCK_GAP.toSeconds()) {
            fail(
                    NodeHealth.WRONG_CLOCK,
                    "has a clock %d seconds %s ours: one of the two is wrong"
                            .formatted(
                                    Math.abs(aheadSeconds),
                                    aheadSeconds > 0 ? "ahead of" : "behind"));
            return;
        }
        replace(now -> now.well(fetched, asked));
    }

    /// How far the node's clock is ahead of ours, as far as a template made just now tells. A template's time is the
    /// node's, but no less than the chain allows; where it is that, the node's may be any time before.
    private long clockAheadSeconds(Template template) {
        long templateSeconds = Integer.toUnsignedLong(template.currentTime());
        long ahead = templateSeconds - clock.instant().getEpochSecond();
        boolean isTheLeast = template.currentTime() == template.minTime();
        return isTheLeast ? Math.min(0, ahead) : ahead;
    }

    private void unavailable(NodeUnavailable e) {
        switch (e.kind()) {
            case AUTH -> fail(NodeHealth.AUTH_FAILED, e.why());
            case WARMING_UP -> fail(NodeHealth.STARTING, e.why());
            case BUSY -> {
                busyInARow++;
                if (busyInARow >= BUSY_LIMIT || !view().isReady()) {
                    fail(NodeHealth.UNREACHABLE, e.why());
                }
            }
            case UNREACHABLE, TIMEOUT, GARBLED -> {
                checks.forget();
                fail(NodeHealth.UNREACHABLE, e.why());
            }
        }
    }

    private void rejected(NodeRejected e) {
        switch (e.code()) {
            case NodeRejected.INITIAL_DOWNLOAD ->
                    fail(NodeHealth.SYNCING, "offers no template yet: " + e.why());
            case NodeRejected.NOT_CONNECTED ->
                    fail(NodeHealth.NO_PEERS, "offers no template: " + e.why());
            default -> fail(NodeHealth.BAD_TEMPLATE, "answered an error: " + e.why());
        }
    }

    private void pollForever() {
        try {
            while (!closed) {
                pollWanted.acquire();
                pollWanted.drainPermits();
                while (poll(view())) {
                    // Every new template is followed by the next poll at once.
                }
            }
        } catch (InterruptedException _) {
            // The client is closed.
        }
    }

    /// Waits for the next template; false when polling should pause until the node was looked at again.
    private boolean poll(NodeView before) {
        if (before.longPollId().isEmpty()) {
            return false;
        }
        var began = clock.instant();
        try {
            var next = rpc.nextTemplate(before.longPollId(), this::announcedByPoll);
            replace(now -> now.with(next, before.tip()));
            boolean newTip = !next.template().previousHash().equals(before.tip());
            return newTip || Duration.between(began, clock.instant()).compareTo(TOO_SOON) >= 0;
        } catch (RuntimeException e) {
            return hintFailed("long poll", e);
        }
    }

    // Whatever went wrong with a hint, the health thread finds out what it means.
    private boolean hintFailed(String hint, RuntimeException e) {
        if (!closed) {
            LOG.debug("{} of node {}", hint, name(), e);
            healthWanted.release();
        }
        return false;
    }

    // The rest of the answer is still arriving, so the header is asked for beside it; the rest can
    // wait until miners have the job that comes of the header.
    private void announcedByPoll(Hash tip) {
        if (!view().isReady()) {
            return;
        }
        try {
            if (!tip.equals(view().tip())) {
                Thread.ofVirtual()
                        .name("node-" + name() + "-first")
                        .start(() -> announceFirst(tip))
                        .join(FIRST_JOB_WAIT);
            }
            awaitFirstTold(tip);
        } catch (InterruptedException _) {
            // The client is closed; the reading that goes on from here notices it too.
            Thread.currentThread().interrupt();
        }
    }

    private void announced(Hash tip) {
        var before = view();
        if (!before.isReady() || before.tip().equals(tip)) {
            return;
        }
        announceFirst(tip);
        try {
            awaitFirstTold(tip);
            var asked = view().tip();
            var fetched = rpc.template(_ -> {});
            replace(now -> now.with(fetched, asked));
        } catch (RuntimeException e) {
            hintFailed("template after an announcement", e);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /// Where there is a first, empty template on this tip, lets it reach the miners.
    private void awaitFirstTold(Hash tip) throws InterruptedException {
        var now = view();
        var template = now.template();
        if (template != null && template.isEmpty() && now.tip().equals(tip)) {
            firstJobTold.await(tip);
        }
    }

    private void announceFirst(Hash tip) {
        var before = view();
        var last = before.template();
        if (last == null || before.tip().equals(tip)) {
            return;
        }
        try {
            rpc.header(tip)
                    .flatMap(header -> first(tip, header, last))
                    .ifPresent(empty -> replace(now -> now.withFirst(empty, before.tip())));
        } catch (RuntimeException e) {
            hintFailed("header of a new tip", e);
        }
    }

    private Optional<Template> first(Hash tip, NodeRpc.Header header, Template last) {
        long nowSeconds = clock.instant().getEpochSecond();
        return FirstTemplate.on(
                tip, header, last, chain, templateIds.incrementAndGet(), nowSeconds);
    }

    private void fail(NodeHealth health, String why) {
        if (closed) {
            // It is we who broke off.
            return;
        }
        replace(now -> now.failed(health, why));
    }

    private void replace(UnaryOperator<NodeView> transition) {
        NodeView before;
        NodeView after;
        do {
            before = view.get();
            after = transition.apply(before);
        } while (!view.compareAndSet(before, after));
        if (before.equals(after)) {
            return;
        }
        if (before.health() != after.health()) {
            tell(after);
        }
        changed.run();
    }

    private void tell(NodeView now) {
        if (now.isReady()) {
            LOG.info("node {} is ready {}", name(), now.reason());
        } else {
            LOG.warn("node {} {}", name(), now.reason());
        }
    }
}
