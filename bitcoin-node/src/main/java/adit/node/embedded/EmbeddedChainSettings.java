package adit.node.embedded;

import java.time.Duration;
import java.util.Set;

import adit.node.ChainParameters;

/// What makes one embedded chain: its rules, where it listens, and who else mines on it.
///
/// The parameters give the halving interval, the proof-of-work limit and the names; the difficulty never moves from
/// that limit. The first `easyBlocks` blocks may be as easy as regtest's: a new chain makes them at its first start,
/// paying its own wallet, so that mature coins and fees are there at once. A port of 0 means any free one.
///
/// A long poll answers a new tip at once, but a new transaction only after `mempoolWait` (Bitcoin Core: a minute).
public record EmbeddedChainSettings(
        ChainParameters parameters,
        int easyBlocks,
        int rpcPort,
        int zmqPort,
        Duration mempoolWait,
        RestOfNetwork restOfNetwork) {

    static final int EASIEST_NBITS = 0x207fffff;

    public EmbeddedChainSettings {
        Check.that(easyBlocks >= 0, "a chain cannot begin with less than no easy blocks");
        Check.that(!mempoolWait.isNegative(), "a wait cannot be negative");
    }

    /// A plain regtest chain on free ports, on which nobody mines unasked.
    public static EmbeddedChainSettings regtest() {
        return new EmbeddedChainSettings(
                ChainParameters.regtest(), 0, 0, 0, Duration.ofSeconds(60), RestOfNetwork.absent());
    }

    /// A lively chain: a block every five seconds or so if the pool finds a quarter of them, coins that are worth
    /// the same for weeks, and fees from the first minute.
    ///
    /// `powLimitBits` sets how many hashes a block costs.
    public static EmbeddedChainSettings demo(int powLimitBits, int rpcPort, int zmqPort) {
        var regtest = ChainParameters.regtest();
        var parameters =
                new ChainParameters(
                        regtest.name(),
                        Set.copyOf(regtest.rpcNames()),
                        regtest.genesisHash(),
                        210_000,
                        regtest.retargetInterval(),
                        5,
                        powLimitBits,
                        regtest.minDifficultyBlocks(),
                        regtest.noRetargeting(),
                        regtest.bip94(),
                        regtest.isolated());
        return new EmbeddedChainSettings(
                parameters, 120, rpcPort, zmqPort, Duration.ofSeconds(10), RestOfNetwork.lively());
    }

    int nBitsAt(int height) {
        return height <= easyBlocks ? EASIEST_NBITS : parameters.powLimitBits();
    }

    int easiestNBits() {
        return easyBlocks > 0 ? EASIEST_NBITS : parameters.powLimitBits();
    }

    /// What the blocks on disk depend on: a store made under other rules is not opened.
    String fingerprint() {
        return "%s halving=%d nbits=%08x easy=%d"
                .formatted(
                        parameters.genesisHash(),
                        parameters.halvingInterval(),
                        parameters.powLimitBits(),
                        easyBlocks);
    }
}
