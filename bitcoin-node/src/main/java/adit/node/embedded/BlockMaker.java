package adit.node.embedded;

import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;

import adit.pow.BlockHeader;
import adit.pow.Hash;
import adit.pow.Sha256d;
import adit.pow.Target;

/// Finds the proof of work of drafted blocks, on the thread of whoever wants the block.
///
/// **Owner:** the calling thread; one for each.
final class BlockMaker {
    /// A block that was found, and whether it became the tip.
    record Made(Hash hash, boolean isActive) {}

    private record Order(Block draft, CountDownLatch tipChange, boolean isOnTip) {}

    private static final int NTIME_OFFSET = 68;
    private static final int NONCE_OFFSET = 76;
    private static final int HASHES_BETWEEN_LOOKS = 1 << 12;
    private static final int ATTEMPTS = 100;

    /// What is said when others were faster, or someone declared the parent invalid.
    private static final Set<String> LOST_RACE = Set.of("inconclusive", "bad-prevblk");

    private final ChainThread thread;
    private final FullNode node;
    private final Sha256d sha256d = new Sha256d();

    BlockMaker(ChainThread thread, FullNode node) {
        this.thread = thread;
        this.node = node;
    }

    /// Makes one block and gets it into the active branch, however often the tip moves meanwhile.
    ///
    /// @throws ChainUnavailable if others keep being faster
    Hash makeOnTip(byte[] payeeScript, String tag) {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            var made = make(() -> node.draft(payeeScript, tag));
            if (made.isPresent() && made.get().isActive()) {
                return made.get().hash();
            }
        }
        throw new ChainUnavailable("the tip moved during each of " + ATTEMPTS + " attempts");
    }

    /// Makes the drafted block and submits it, unless it was drafted on the tip and that moved.
    Optional<Made> make(Callable<Block> drafting) {
        var order = thread.call(() -> order(drafting.call()));
        var block =
                grind(order.draft(), () -> order.isOnTip() && order.tipChange().getCount() == 0);
        if (block.isEmpty()) {
            return Optional.empty();
        }
        var word = thread.call(() -> node.submit(block.get()));
        Check.that(
                word.isEmpty() || LOST_RACE.contains(word.get()),
                "our own block is refused: " + word);
        return Optional.of(new Made(block.get().hash(), word.isEmpty()));
    }

    private Order order(Block draft) {
        var tip = node.chain().tip().hash();
        return new Order(draft, node.tipChange(), draft.header().previousHash().equals(tip));
    }

    /// The same block with a nonce, and a later time if need be, that meet its target.
    Optional<Block> grind(Block draft, BooleanSupplier abandoned) {
        var header = draft.header().bytes();
        var target = Target.fromNBits(draft.header().nBits());
        var hash = new byte[Hash.BYTES];
        long tried = 0;
        int nonce = 0;
        do {
            putInt32(header, NONCE_OFFSET, nonce);
            sha256d.hash(header, 0, BlockHeader.BYTES, hash, 0);
            if (target.isMetBy(hash, 0)) {
                return Optional.of(Block.of(BlockHeader.read(header, 0), draft.transactions()));
            }
            nonce++;
            if (nonce == 0) {
                long laps = (tried >>> Integer.SIZE) + 1;
                putInt32(header, NTIME_OFFSET, draft.header().ntime() + (int) laps);
            }
            tried++;
        } while (tried % HASHES_BETWEEN_LOOKS != 0
                || !(abandoned.getAsBoolean() || Thread.currentThread().isInterrupted()));
        return Optional.empty();
    }

    private static void putInt32(byte[] bytes, int offset, int value) {
        for (int i = 0; i < Integer.BYTES; i++) {
            bytes[offset + i] = (byte) (value >>> (8 * i));
        }
    }
}
