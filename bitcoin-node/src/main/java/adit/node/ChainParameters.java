package adit.node;

import java.util.Set;

/// The consensus numbers of one Bitcoin network that a pool needs: what a block may pay and when its difficulty can change.
///
/// `name` is the word used in configuration; `rpcNames` are the words nodes use for it in `getblockchaininfo`
/// (Bitcoin Core says `main`, btcd says `mainnet`). `genesisHash` is written as `getblockhash 0` answers it.
/// `powLimitBits` is the easiest target allowed, in compact form, which is the form consensus compares.
///
/// `minDifficultyBlocks` marks networks where a late block may have the easiest target, `noRetargeting` those whose
/// target never changes, `bip94` those with the time-warp rule of BIP 94. `isolated` marks a network that lives on one
/// machine: there an old tip and a node without peers are normal.
public record ChainParameters(
        String name,
        Set<String> rpcNames,
        String genesisHash,
        int halvingInterval,
        int retargetInterval,
        int blockSpacingSeconds,
        int powLimitBits,
        boolean minDifficultyBlocks,
        boolean noRetargeting,
        boolean bip94,
        boolean isolated) {

    public static final long COIN_SATS = 100_000_000L;

    /// No output, fee or sum of them can be larger.
    public static final long MAX_MONEY_SATS = 21_000_000L * COIN_SATS;

    /// A coinbase may be spent in the hundredth block on top of its own.
    public static final int COINBASE_MATURITY_BLOCKS = 100;

    private static final long FIRST_SUBSIDY_SATS = 50 * COIN_SATS;

    public ChainParameters {
        rpcNames = Set.copyOf(rpcNames);
        Check.that(genesisHash.length() == 64, "a genesis hash has 64 hex digits");
        Check.that(halvingInterval > 0 && retargetInterval > 0, "intervals must be positive");
        Check.that(blockSpacingSeconds > 0, "blocks must be some time apart");
    }

    /// Parameters by configuration name: `mainnet`, `testnet4`, `signet` or `regtest`.
    ///
    /// @throws IllegalArgumentException for any other name
    public static ChainParameters of(String name) {
        return switch (name) {
            case "mainnet" -> mainnet();
            case "testnet4" -> testnet4();
            case "signet" -> signet();
            case "regtest" -> regtest();
            default ->
                    throw new IllegalArgumentException(
                            "unknown network '"
                                    + name
                                    + "': use mainnet, testnet4, signet or regtest");
        };
    }

    public static ChainParameters mainnet() {
        return new ChainParameters(
                "mainnet",
                Set.of("main", "mainnet"),
                "000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f",
                210_000,
                2016,
                600,
                0x1d00ffff,
                false,
                false,
                false,
                false);
    }

    public static ChainParameters testnet4() {
        return new ChainParameters(
                "testnet4",
                Set.of("testnet4"),
                "00000000da84f2bafbbc53dee25a72ae507ff4914b867c565be350b0da8bf043",
                210_000,
                2016,
                600,
                0x1d00ffff,
                true,
                false,
                true,
                false);
    }

    public static ChainParameters signet() {
        return new ChainParameters(
                "signet",
                Set.of("signet"),
                "00000008819873e925422c1ff0f99f7cc9bbb232af63a077a480a3633bee1ef6",
                210_000,
                2016,
                600,
                0x1e0377ae,
                false,
                false,
                false,
                false);
    }

    public static ChainParameters regtest() {
        return new ChainParameters(
                "regtest",
                Set.of("regtest"),
                "0f9188f13cb7b2c71f2a335e3a4fc328bf5beb436012afca590b1a11466e2206",
                150,
                144,
                600,
                0x207fffff,
                true,
                true,
                false,
                true);
    }

    /// New coins a block at this height may create, exactly.
    public long subsidySats(int height) {
        Check.that(height >= 0, "heights start at zero");
        int halvings = height / halvingInterval;
        return halvings >= Long.SIZE ? 0 : FIRST_SUBSIDY_SATS >> halvings;
    }

    /// Whether the block at this height may have other nBits than the one before it.
    public boolean nBitsMayChangeAt(int height) {
        return !noRetargeting && (minDifficultyBlocks || isRetargetHeight(height));
    }

    public boolean isRetargetHeight(int height) {
        return height % retargetInterval == 0;
    }
}
