package adit.payout;

/// The places of a run of shares in the order of all shares, both ends included.
public record OrderRange(long newest, long oldest) {
    public OrderRange {
        Check.that(oldest <= newest, "the oldest must not be newer than the newest");
    }
}
