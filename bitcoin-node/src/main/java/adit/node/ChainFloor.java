package adit.node;

import java.math.BigInteger;

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

    /// The rules allow four, no period of the main network's history came near two.
    private static final int MAX_EASING = 2;

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
        var easiest =
                Target.fromNBits(nBits).toBigInteger().multiply(BigInteger.valueOf(MAX_EASING));
        if (!chain.minDifficultyBlocks()
                && Target.fromNBits(template.nBits()).toBigInteger().compareTo(easiest) > 0) {
            return "offers less than half the difficulty the pool has mined at";
        }
        return "";
    }
}
