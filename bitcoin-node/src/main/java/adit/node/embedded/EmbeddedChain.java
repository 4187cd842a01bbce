package adit.node.embedded;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A small Bitcoin full node of our own for the demo and the tests: blocks, mempool, wallet, JSON-RPC and ZeroMQ.
///
/// The pool talks to it as to any node, over HTTP with a cookie, so there is one code path. It checks blocks as
/// Bitcoin Core does, but for scripts, which it does not interpret: transactions come from its own wallet. It keeps
/// everything in its data directory and goes on from there.
///
/// ```
/// HTTP, one virtual thread a request ─▶ RpcServer ─▶ ChainRpc · MiningRpc · WalletRpc ─┐
///                           OtherMiners, its own thread, hashing ─────────────────────┴▶ ChainThread ─▶ FullNode
///     FullNode = Chain (tree, coins, BlockRules) + Mempool + Wallet ─▶ BlockStore, HashBlockPublisher
/// ```
public final class EmbeddedChain implements AutoCloseable {
    private static final String COOKIE_USER = "__cookie__:";
    private static final int COOKIE_BYTES = 32;
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedChain.class);

    private interface Part {
        void close();
    }

    private final Path directory;
    private final EmbeddedChainSettings settings;
    private final Deque<Part> parts = new ArrayDeque<>();
    private final ChainThread thread;
    private final HashBlockPublisher publisher;
    private final FullNode node;
    private final RpcServer server;

    private EmbeddedChain(
            Path directory,
            EmbeddedChainSettings settings,
            InstantSource clock,
            RandomGenerator random)
            throws IOException {
        this.directory = directory;
        this.settings = settings;
        try {
            Files.createDirectories(directory);
            thread = opened(new ChainThread(), ChainThread::close);
            publisher =
                    opened(
                            HashBlockPublisher.bind(settings.zmqPort()),
                            bound -> thread.run(bound::close));
            var seed = SecretFile.readOrMake(directory.resolve("wallet.seed"), Wallet.SEED_BYTES);
            node = opened(openNode(clock, seed), open -> thread.run(open::close));
            makeEasyBlocks();
            server = opened(startServer(), RpcServer::close);
            var others = new OtherMiners(settings.restOfNetwork(), thread, node, clock, random);
            opened(others, OtherMiners::close).start();
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    /// Starts the chain in its directory, where it left off or as a new one.
    ///
    /// `random` decides when the rest of the network finds blocks and what it pays.
    ///
    /// @throws ChainUnavailable if the directory or a port cannot be used
    public static EmbeddedChain start(
            Path dataDirectory,
            EmbeddedChainSettings settings,
            InstantSource clock,
            RandomGenerator random) {
        try {
            var chain = new EmbeddedChain(dataDirectory, settings, clock, random);
            LOG.info("embedded chain at {}, blocks in {}", chain.rpc(), dataDirectory);
            return chain;
        } catch (IOException e) {
            throw new ChainUnavailable("cannot use the directory " + dataDirectory, e);
        }
    }

    /// Where JSON-RPC requests go.
    public URI rpc() {
        return server.uri();
    }

    /// The file with user and password for them, new at each start.
    public Path cookieFile() {
        return directory.resolve(".cookie");
    }

    /// Where new tips are announced as `hashblock`.
    public URI zmqHashBlock() {
        return publisher.endpoint();
    }

    /// Stops everything; all that was acknowledged is on disk already.
    @Override
    public void close() {
        while (!parts.isEmpty()) {
            parts.removeLast().close();
        }
    }

    private FullNode openNode(InstantSource clock, byte[] seed) {
        var file = directory.resolve("chain.dat");
        return thread.call(() -> FullNode.open(file, settings, clock, seed, publisher::publish));
    }

    // A new chain begins some minutes ago, at its usual pace, so that its clock does not run ahead.
    private void makeEasyBlocks() {
        var maker = new BlockMaker(thread, node);
        int height = thread.call(() -> node.chain().tip().height());
        long spacingSeconds = settings.parameters().blockSpacingSeconds();
        while (height < settings.easyBlocks()) {
            long ageSeconds = (settings.easyBlocks() - height) * spacingSeconds;
            maker.make(() ->
                    node.draftOn(
                            node.chain().tip(),
                            node.ownScript(0),
                            OtherMiners.TAG,
                            node.nowSeconds() - ageSeconds));
            height++;
        }
    }

    private RpcServer startServer() throws IOException {
        var password = HexFormat.of().formatHex(SecretFile.randomBytes(COOKIE_BYTES));
        var cookie = COOKIE_USER + password;
        SecretFile.write(cookieFile(), cookie.getBytes(StandardCharsets.US_ASCII));
        var methods =
                Stream.of(
                                new ChainRpc(thread, node, settings, publisher.endpoint())
                                        .methods(),
                                new MiningRpc(thread, node, settings.mempoolWait().toMillis())
                                        .methods(),
                                new WalletRpc(thread, node).methods())
                        .flatMap(List::stream)
                        .toList();
        return RpcServer.start(settings.rpcPort(), methods, cookie);
    }

    private <T> T opened(T part, Consumer<T> closing) {
        parts.add(() -> closing.accept(part));
        return part;
    }
}
