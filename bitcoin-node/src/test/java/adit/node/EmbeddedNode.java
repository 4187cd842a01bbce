package adit.node;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.SplittableRandom;

import adit.node.embedded.EmbeddedChain;
import adit.node.embedded.EmbeddedChainSettings;

/// The embedded chain on a fresh regtest, seen through its RPC like any other node.
public final class EmbeddedNode implements NodeUnderTest {
    private final Path directory;
    private final EmbeddedChain chain;
    private final NodeSettings settings;

    private EmbeddedNode(Path directory, EmbeddedChain chain, NodeSettings settings) {
        this.directory = directory;
        this.chain = chain;
        this.settings = settings;
    }

    public static EmbeddedNode start() throws IOException {
        var directory = NodeProcess.freshDirectory();
        var chain =
                EmbeddedChain.start(
                        directory,
                        EmbeddedChainSettings.regtest(),
                        InstantSource.system(),
                        new SplittableRandom(1));
        var settings =
                new NodeSettings(
                        "embedded",
                        chain.rpc(),
                        new RpcCredentials.CookieFile(chain.cookieFile()),
                        chain.zmqHashBlock());
        return new EmbeddedNode(directory, chain, settings);
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
        var control = NodeControl.of(settings);
        var address = control.newAddress();
        control.generate(101, address);
        control.send(address, BigDecimal.ONE);
        return true;
    }

    @Override
    public boolean hasBlockStats() {
        return true;
    }

    @Override
    public void close() {
        chain.close();
        NodeProcess.sweep(directory);
    }
}
