package adit.payout;

/// Who found the block, and the fee of the worker whose share it was.
public record Finder(long account, int feeBps) {
    public Finder {
        Check.that(account > 0, "account must be positive");
        Check.that(feeBps >= 0 && feeBps <= 10_000, "fee must lie between 0 and 10000 bps");
    }
}
