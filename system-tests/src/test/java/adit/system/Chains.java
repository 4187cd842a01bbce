package adit.system;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.SplittableRandom;

import adit.node.ChainParameters;
import adit.node.NodeControl;
import adit.node.NodeSettings;
import adit.node.RpcCredentials;
import adit.node.embedded.EmbeddedChain;
import adit.node.embedded.EmbeddedChainSettings;
import adit.node.embedded.RestOfNetwork;

/// Embedded chains on which nobody else mines.
final class Chains {

    /// A block costs 2^32 hashes: no test finds one.
    static final int OUT_OF_REACH = 0x1d00ffff;

    /// A block costs 2^16 hashes.
    static final int WITHIN_REACH = 0x1f00ffff;

    private static final int MATURE_BLOCKS = 120;

    private Chains() {}

    /// A chain with mature coins, whose next blocks are as hard as said.
    static EmbeddedChain start(Path directory, int nBits) {
        return start(directory, nBits, MATURE_BLOCKS);
    }

    /// The same, so many blocks high.
    static EmbeddedChain start(Path directory, int nBits, int easyBlocks) {
        var regtest = ChainParameters.regtest();
        var parameters =
                new ChainParameters(
                        regtest.name(),
                        regtest.rpcNames(),
                        regtest.genesisHash(),
                        regtest.halvingInterval(),
                        regtest.retargetInterval(),
                        regtest.blockSpacingSeconds(),
                        nBits,
                        regtest.minDifficultyBlocks(),
                        regtest.noRetargeting(),
                        regtest.bip94(),
                        regtest.isolated());
        var settings =
                new EmbeddedChainSettings(
                        parameters,
                        easyBlocks,
                        0,
                        0,
                        Duration.ofSeconds(10),
                        RestOfNetwork.absent());
        return start(directory, settings);
    }

    /// A new chain by regtest's own rules.
    static EmbeddedChain regtest(Path directory) {
        return start(directory, EmbeddedChainSettings.regtest());
    }

    /// The node of a chain, for what is asked of it past the pool.
    static NodeControl control(EmbeddedChain chain) {
        var login = new RpcCredentials.CookieFile(chain.cookieFile());
        return NodeControl.of(new NodeSettings("chain", chain.rpc(), login, null));
    }

    private static EmbeddedChain start(Path directory, EmbeddedChainSettings settings) {
        return EmbeddedChain.start(
                directory, settings, InstantSource.system(), new SplittableRandom(1));
    }
}
