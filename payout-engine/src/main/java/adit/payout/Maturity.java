package adit.payout;

/// When the reward of a block may be spent.
///
/// Consensus lets a coinbase be spent 100 blocks above its own; nodes' wallets wait for one more, and so do we: money
/// is released to miners at 101 confirmations.
public final class Maturity {
    public static final int CONFIRMATIONS = 101;

    private Maturity() {}

    /// How deep a block of the active chain lies; the tip itself has one confirmation, a block above it none.
    public static int confirmations(int blockHeight, int tipHeight) {
        return Math.max(0, tipHeight - blockHeight + 1);
    }

    public static boolean isMature(int confirmations) {
        return confirmations >= CONFIRMATIONS;
    }
}
