package adit.node;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import adit.pow.Hash;

/// The Bitcoin nodes of the pool in order of preference: one is mined on, all get our blocks.
///
/// Each node keeps its own view; whenever one changes, the desk thread chooses anew and tells the listener the newest
/// template of the chosen node. A template is always whole and of one node, so a previous hash is never mixed with the
/// value or transactions of another.
///
/// **Owner:** the desk thread owns the choice; all public methods may be called from any thread, and those that ask
/// nodes wait for the answer.
public final class NodeSet implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NodeSet.class);

    /// Long enough for whatever spoilt its templates to be mined by somebody or dropped.
    private static final Duration AVOIDED = Duration.ofMinutes(10);

    private final NodeTimings timings;
    private final TemplateListener listener;
    private final InstantSource clock;
    private final List<NodeClient> nodes;
    private final NodeChoice choice;
    private final BlockSubmitter submitter;
    private final Semaphore changes = new Semaphore(0);
    private final Thread desk;
    private volatile int inUse = NodeChoice.NONE;
    private volatile boolean closed;

    // These belong to the desk thread.
    private long toldTemplate = -1;
    private boolean toldNone;

    /// @param nodes in order of preference
    /// @param floor what the pool has mined on before
    /// @param clock of the wall, compared with the times of blocks
    public NodeSet(
            ChainParameters chain,
            List<NodeSettings> nodes,
            NodeTimings timings,
            TemplateListener listener,
            ChainFloor floor,
            InstantSource clock) {
        if (nodes.isEmpty()) {
            throw new IllegalArgumentException("at least one node is needed");
        }
        if (nodes.stream().map(NodeSettings::name).distinct().count() < nodes.size()) {
            throw new IllegalArgumentException("two nodes have the same name");
        }
        this.timings = timings;
        this.listener = listener;
        this.clock = clock;
        var templateIds = new AtomicLong();
        this.nodes =
                nodes.stream()
                        .map(node ->
                                new NodeClient(
                                        node,
                                        chain,
                                        timings,
                                        templateIds,
                                        clock,
                                        changes::release,
                                        listener::awaitTold))
                        .toList();
        choice = new NodeChoice(chain, timings.comeBack(), nodes.size(), floor);
        submitter = new BlockSubmitter(clock);
        desk = Thread.ofVirtual().name("node-desk").unstarted(this::run);
    }

    public void start() {
        desk.start();
        nodes.forEach(NodeClient::start);
    }

    @Override
    public void close() {
        closed = true;
        nodes.forEach(NodeClient::close);
        desk.interrupt();
    }

    /// The highest block the pool has worked on, now or before.
    public ChainFloor floor() {
        return choice.floor();
    }

    /// Every node in order of preference, as an operator wants to see it.
    public List<NodeStatus> status() {
        var views = nodes.stream().map(NodeClient::view).toList();
        int top =
                views.stream()
                        .filter(NodeView::isReady)
                        .mapToInt(NodeView::height)
                        .max()
                        .orElse(-1);
        int using = inUse;
        return IntStream.range(0, nodes.size())
                .mapToObj(i -> status(nodes.get(i).name(), views.get(i), top, i == using))
                .toList();
    }

    private static NodeStatus status(String name, NodeView view, int top, boolean isInUse) {
        int behind = top - view.height();
        var reason =
                view.isReady() && behind > 0
                        ? view.reason() + ", " + behind + " behind"
                        : view.reason();
        return new NodeStatus(name, view.health(), reason, view.height(), isInUse);
    }

    /// Sends a block to every node at once; none waits for another. Returns before the first answer.
    ///
    /// @param answered told each node's answer on that node's thread
    public Submission submit(byte[] block, Hash hash, Consumer<SubmitResult> answered) {
        var submission = new Submission(hash, nodes.size(), answered);
        var request = RpcRequest.ofHex("submitblock", block);
        for (var node : nodes) {
            Thread.ofVirtual()
                    .name("submit-" + node.name())
                    .start(() -> submission.add(submitTo(node, request, hash)));
        }
        return submission;
    }

    private SubmitResult submitTo(NodeClient node, RpcRequest request, Hash hash) {
        var result = submitter.submit(node.name(), node.rpc(), request, hash);
        LOG.debug(
                "block {} at node {}: {} ({})",
                hash,
                node.name(),
                result.outcome(),
                result.detail());
        return result;
    }

    /// Where a block stands. Asks nodes that are up to date only, the one in use first.
    public Confirmations confirmations(Hash blockHash) {
        boolean askedAny = false;
        for (var node : readyNodes()) {
            try {
                var header = node.rpc().header(blockHash);
                askedAny = true;
                if (header.isPresent()) {
                    int confirmations = header.get().confirmations();
                    return confirmations > 0
                            ? new Confirmations.Active(confirmations)
                            : new Confirmations.NotActive();
                }
            } catch (NodeUnavailable | NodeRejected e) {
                LOG.debug("confirmations from node {}", node.name(), e);
            }
        }
        return askedAny ? new Confirmations.Unknown() : new Confirmations.NodesUnavailable();
    }

    /// What a node thinks of a block without proof of work; asks the node whose template it was built from.
    public Proposal propose(byte[] block, String node) {
        return nodes.stream()
                .filter(one -> one.name().equals(node))
                .findFirst()
                .<Proposal>map(one -> propose(block, one.rpc()))
                .orElseGet(() -> new Proposal.NotChecked("no node is called " + node));
    }

    private static Proposal propose(byte[] block, NodeRpc rpc) {
        try {
            return rpc.propose(block).map(Proposal::of).orElseGet(Proposal.Valid::new);
        } catch (NodeRejected e) {
            return e.code() == NodeRejected.UNDECODABLE
                    ? new Proposal.Invalid(e.why())
                    : new Proposal.NotChecked(e.why());
        } catch (NodeUnavailable e) {
            return new Proposal.NotChecked(e.why());
        }
    }

    /// Mines on this node only where no other will do, for a while: one of its templates was refused by itself.
    public void avoid(String node) {
        var until = clock.instant().plus(AVOIDED);
        for (int i = 0; i < nodes.size(); i++) {
            if (nodes.get(i).name().equals(node)) {
                choice.avoid(i, until);
            }
        }
        changes.release();
    }

    /// What a block paid its miner, empty where no node in reach can tell.
    public Optional<BlockStats> blockStats(Hash block) {
        for (var node : readyNodes()) {
            try {
                return Optional.of(node.rpc().stats(block));
            } catch (NodeUnavailable | NodeRejected e) {
                LOG.debug("block statistics from node {}", node.name(), e);
            }
        }
        return Optional.empty();
    }

    private List<NodeClient> readyNodes() {
        var ready = new ArrayList<>(nodes);
        int using = inUse;
        if (using != NodeChoice.NONE) {
            ready.addFirst(ready.remove(using));
        }
        ready.removeIf(node -> !node.view().isReady());
        return ready;
    }

    private void run() {
        try {
            while (!closed) {
                tell();
                changes.tryAcquire(timings.healthInterval().toMillis(), TimeUnit.MILLISECONDS);
                changes.drainPermits();
            }
        } catch (InterruptedException _) {
            // The set is closed.
        }
    }

    /// Chooses once and tells the listener what is new.
    private void tell() {
        var views = nodes.stream().map(NodeClient::view).toList();
        int chosen = choice.choose(views, clock.instant());
        // That the first node is ready, and when none is, others tell.
        if (chosen != inUse && chosen != NodeChoice.NONE && inUse != NodeChoice.NONE) {
            LOG.info("now mining on the templates of node {}", nodes.get(chosen).name());
        }
        inUse = chosen;
        if (chosen == NodeChoice.NONE) {
            tellNone(views);
            return;
        }
        var template = views.get(chosen).template();
        if (template != null && template.id() != toldTemplate) {
            toldTemplate = template.id();
            toldNone = false;
            listener.template(template);
        }
    }

    private void tellNone(List<NodeView> views) {
        if (toldNone || views.contains(NodeView.UNKNOWN)) {
            return;
        }
        toldNone = true;
        toldTemplate = -1;
        var why =
                IntStream.range(0, nodes.size())
                        .mapToObj(i -> nodes.get(i).name() + " " + choice.reason(views.get(i)))
                        .collect(Collectors.joining("; "));
        listener.noTemplate(why);
    }
}
