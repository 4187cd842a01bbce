package adit.node;

import adit.pow.Target;
import adit.pow.Template;

/// The highest block the pool has worked on: what comes of a node far below it is of another chain, or of a node that
/// lost its data.
///
/// It is kept over restarts, for a node loses its data while the pool is stopped, too.
///
/// @param height of the block that was worked on, 0 for none
public record ChainFloor(int height, int nBits) {

    /// Of a pool that has never worked.
    public static final ChainFloor NONE = new ChainFloor(0, 0);

    /// No reorganisation of a public network was ever near it.
    static final int MAX_FALL_BLOCKS = 100;

    /// Its target may be four times as easy after each retarget.
    private static final int RETARGET_BITS = 2;

    /// Without a retarget half of the difficulty must be left; this is also room for what nBits round.
    private static final int SPARE_BITS = 1;

    /// Everything is easy enough then.
    private static final int TARGET_BITS = 256;

    /// The floor once this template is mined on.
    ChainFloor raisedTo(Template template) {
        return template.height() > height
                ? new ChainFloor(template.height(), template.nBits())
                : this;
    }

    /// Why a template cannot be of the chain the pool has worked on, empty if it can.
    String doubt(Template template, ChainParameters chain) {
        if (chain.isolated() || height == 0) {
            return "";
        }
        if (template.height() < height - MAX_FALL_BLOCKS) {
            return "is at height "
                    + (template.height() - 1)
                    + ", far below the "
                    + (height - 1)
                    + " the pool has mined on: has it lost its data?";
        }
        if (!chain.minDifficultyBlocks() && isEasierThanAnyBranch(template, chain)) {
            return "offers far less than the difficulty the pool has mined at, more than its network can have eased it";
        }
        return "";
    }

    /// Whether no branch of the same chain can have come to so easy a target, however its retargets went.
    private boolean isEasierThanAnyBranch(Template template, ChainParameters chain) {
        int interval = chain.retargetInterval();
        int common = Math.max(0, height - MAX_FALL_BLOCKS) / interval;
        int made = height / interval - common;
        int undone = template.height() / interval - common;
        int bits = Math.min(SPARE_BITS + RETARGET_BITS * (made + undone), TARGET_BITS);
        var easiest = Target.fromNBits(nBits).toBigInteger().shiftLeft(bits);
        return Target.fromNBits(template.nBits()).toBigInteger().compareTo(easiest) > 0;
    }
}
