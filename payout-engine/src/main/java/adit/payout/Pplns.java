package adit.payout;

/// Pay per last N shares: the reward goes to the newest work, up to a window of so many expected blocks.
///
/// The window is measured in expected blocks (d/D of each share's own job) and not in difficulty, so a retarget
/// neither readmits old work nor expels it, and work is worth the same whenever it is done.
public record Pplns(Rational windowBlocks, Cutoff cutoff, Underfull underfull) implements Scheme {
    public Pplns {
        if (windowBlocks.signum() <= 0) {
            throw new IllegalArgumentException("window must be positive");
        }
    }

    /// What the share that crosses the end of the window counts.
    public enum Cutoff {
        /// Exactly the part inside.
        PARTIAL,
        /// All of it: the window is a little larger.
        WHOLE,
        /// None of it: the window is a little smaller.
        EXCLUDE
    }

    /// Who gets the reward when there is less work than the window holds.
    public enum Underfull {
        /// Those who worked, all of it.
        NORMALIZE,
        /// The operator keeps the part of the missing work.
        POOL_KEEPS
    }
}
