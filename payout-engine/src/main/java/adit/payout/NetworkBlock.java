package adit.payout;

/// A block of the network, ours or another's, as far as a fee rate looks at it.
public record NetworkBlock(int height, long subsidySats, long feesSats) {
    public NetworkBlock {
        Check.that(subsidySats >= 0 && feesSats >= 0, "rewards must not be negative");
    }
}
