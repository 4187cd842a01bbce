package adit.node;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// A btcd on a fresh regtest chain.
public final class BtcdNode implements NodeUnderTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final NodeProcess process;
    private final NodeSettings settings;

    private BtcdNode(NodeProcess process, NodeSettings settings) {
        this.process = process;
        this.settings = settings;
    }

    public static Optional<Path> program() {
        return NodeProcess.find("btcd");
    }

    public static BtcdNode start(Path program) throws Exception {
        int port = FreePorts.any();
        var directory = NodeProcess.freshDirectory();
        var process =
                NodeProcess.start(
                        directory,
                        List.of(
                                program.toString(),
                                "--regtest",
                                "--notls",
                                "--rpcuser=u",
                                "--rpcpass=p",
                                "--rpclisten=127.0.0.1:" + port,
                                "--nolisten",
                                "--nodnsseed",
                                "--nocfilters",
                                "--utxocachemaxsize=8",
                                "--rpcmaxclients=100",
                                "--datadir=" + directory.resolve("data"),
                                "--logdir=" + directory.resolve("logs"),
                                "--miningaddr=bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080"));
        var settings =
                new NodeSettings(
                        "btcd",
                        URI.create("http://127.0.0.1:" + port + "/"),
                        new RpcCredentials.Password("u", "p"),
                        null);
        var control = NodeControl.of(settings);
        try {
            process.awaitAnswer(control::tip, PATIENCE);
        } catch (IOException e) {
            process.close();
            throw e;
        }
        return new BtcdNode(process, settings);
    }

    @Override
    public NodeSettings settings() {
        return settings;
    }

    @Override
    public ChainParameters chain() {
        return ChainParameters.regtest();
    }

    @Override
    public boolean pays() {
        return false;
    }

    @Override
    public boolean hasBlockStats() {
        return false;
    }

    @Override
    public void close() {
        process.close();
    }
}
