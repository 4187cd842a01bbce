package adit.node.embedded;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;

import org.jspecify.annotations.Nullable;

import adit.pow.BlockHeader;
import adit.pow.Hash;
import adit.pow.Target;

/// One block in the tree of all known blocks.
///
/// Its state moves so: known → connected ⇄ disconnected, and failed at any time, for itself or for an ancestor.
/// While it is connected it keeps the coins it took.
///
/// **Owner:** the chain thread.
final class ChainEntry {
    /// Where its bytes are; a block that was refused is nowhere.
    record Place(long offset, int bytes) {
        static final Place NOWHERE = new Place(-1, 0);
    }

    private static final int MEDIAN_SPAN = 11;
    private static final BigInteger TWO_TO_256 = BigInteger.ONE.shiftLeft(256);

    private final Hash hash;
    private final BlockHeader header;
    private final int height;
    private final @Nullable ChainEntry parent;
    private final BigInteger chainWork;
    private final int transactionCount;
    private final long order;
    private final Place place;
    private boolean failed;
    private boolean everConnected;
    private List<CoinSet.Spent> spent = List.of();

    private ChainEntry(
            Block block, int height, @Nullable ChainEntry parent, long order, Place place) {
        hash = block.hash();
        header = block.header();
        this.height = height;
        this.parent = parent;
        var before = parent == null ? BigInteger.ZERO : parent.chainWork;
        chainWork = before.add(work(header.nBits()));
        transactionCount = block.transactions().size();
        this.order = order;
        this.place = place;
    }

    static ChainEntry genesis(Block block) {
        var entry = new ChainEntry(block, 0, null, 0, Place.NOWHERE);
        entry.everConnected = true;
        return entry;
    }

    ChainEntry child(Block block, long childOrder, Place childPlace) {
        var child = new ChainEntry(block, height + 1, this, childOrder, childPlace);
        child.failed = failed;
        return child;
    }

    Hash hash() {
        return hash;
    }

    BlockHeader header() {
        return header;
    }

    int height() {
        return height;
    }

    boolean isGenesis() {
        return parent == null;
    }

    /// The block before it.
    ChainEntry parent() {
        if (parent == null) {
            throw new IllegalStateException("nothing comes before the first block");
        }
        return parent;
    }

    BigInteger chainWork() {
        return chainWork;
    }

    int transactionCount() {
        return transactionCount;
    }

    Place place() {
        return place;
    }

    /// Whether a chain ending here is to be preferred: more work, or as much and known earlier.
    boolean beats(ChainEntry other) {
        int byWork = chainWork.compareTo(other.chainWork);
        return byWork != 0 ? byWork > 0 : order < other.order;
    }

    boolean isFailed() {
        return failed;
    }

    void markFailed(boolean now) {
        failed = now;
    }

    /// Whether it has been in the active chain, so that all of it is known to be valid.
    boolean wasEverConnected() {
        return everConnected;
    }

    void connected(List<CoinSet.Spent> taken) {
        everConnected = true;
        spent = taken;
    }

    List<CoinSet.Spent> disconnected() {
        var taken = spent;
        spent = List.of();
        return taken;
    }

    List<CoinSet.Spent> spent() {
        return spent;
    }

    long timeSeconds() {
        return Integer.toUnsignedLong(header.ntime());
    }

    /// The median time of this block and the ten before it (BIP 113).
    long medianTimePast() {
        var times = new long[MEDIAN_SPAN];
        int count = 0;
        for (var entry = this; entry != null && count < MEDIAN_SPAN; entry = entry.parent) {
            times[count++] = entry.timeSeconds();
        }
        Arrays.sort(times, 0, count);
        return times[count / 2];
    }

    private static BigInteger work(int nBits) {
        return TWO_TO_256.divide(Target.fromNBits(nBits).toBigInteger().add(BigInteger.ONE));
    }
}
