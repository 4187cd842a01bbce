package adit.node.embedded;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

import adit.node.ChainParameters;
import adit.pow.BlockHeader;
import adit.pow.Coinbase;
import adit.pow.Hash;
import adit.pow.Target;

/// The rules a block must keep apart from what its inputs spend, each broken one named as Bitcoin Core names it.
///
/// They come in Bitcoin Core's order, so a block with several faults is refused with the same word there and here.
///
/// **Limits:** scripts are not interpreted, relative lock times (BIP 68) are not enforced.
///
/// **Spec:** `reference/sv1.md` Appendix A; BIP 34, 113, 141.
final class BlockRules {
    static final int COINBASE_MATURITY_BLOCKS = ChainParameters.COINBASE_MATURITY_BLOCKS;
    static final long MAX_MONEY_SATS = ChainParameters.MAX_MONEY_SATS;
    static final long MAX_WEIGHT = 4_000_000;
    static final long MAX_SIGOPS_COST = 80_000;
    static final int LEAST_VERSION = 4;

    private static final int MAX_FUTURE_SECONDS = 2 * 60 * 60;
    private static final int MIN_COINBASE_SCRIPT_BYTES = 2;
    private static final int MAX_COINBASE_SCRIPT_BYTES = 100;
    private static final int LOCK_TIME_IS_SECONDS_FROM = 500_000_000;

    private final EmbeddedChainSettings settings;

    BlockRules(EmbeddedChainSettings settings) {
        this.settings = settings;
    }

    /// What can be said of a block alone.
    Optional<Refusal> check(Block block, boolean withProofOfWork) {
        if (withProofOfWork && !hasProofOfWork(block)) {
            return Optional.of(Refusal.invalid("high-hash"));
        }
        var transactions = block.transactions();
        var tree = MerkleTree.of(transactions.stream().map(Transaction::txid).toList());
        if (!tree.root().equals(block.header().merkleRoot())) {
            return Optional.of(Refusal.mutated("bad-txnmrklroot"));
        }
        if (tree.isMutated()) {
            return Optional.of(Refusal.mutated("bad-txns-duplicate"));
        }
        if (transactions.isEmpty()
                || (long) block.strippedBytes() * Transaction.WITNESS_SCALE > MAX_WEIGHT) {
            return Optional.of(Refusal.invalid("bad-blk-length"));
        }
        if (!block.coinbase().isCoinbase()) {
            return Optional.of(Refusal.invalid("bad-cb-missing"));
        }
        if (transactions.stream().skip(1).anyMatch(Transaction::isCoinbase)) {
            return Optional.of(Refusal.invalid("bad-cb-multiple"));
        }
        for (var transaction : transactions) {
            var reason = check(transaction);
            if (reason.isPresent()) {
                return reason.map(Refusal::invalid);
            }
        }
        long sigops = transactions.stream().mapToLong(SigOps::bareCost).sum();
        return sigops > MAX_SIGOPS_COST
                ? Optional.of(Refusal.invalid("bad-blk-sigops"))
                : Optional.empty();
    }

    /// What can be said of a transaction alone.
    Optional<String> check(Transaction transaction) {
        if (transaction.inputs().isEmpty()) {
            return Optional.of("bad-txns-vin-empty");
        }
        if (transaction.outputs().isEmpty()) {
            return Optional.of("bad-txns-vout-empty");
        }
        if ((long) transaction.strippedBytes() * Transaction.WITNESS_SCALE > MAX_WEIGHT) {
            return Optional.of("bad-txns-oversize");
        }
        var outputs = checkOutputs(transaction);
        return outputs.isPresent() ? outputs : checkInputs(transaction);
    }

    /// What can be said of a header on top of a known parent.
    Optional<Refusal> checkHeader(BlockHeader header, ChainEntry parent, long latestSeconds) {
        if (header.nBits() != settings.nBitsAt(parent.height() + 1)) {
            return Optional.of(Refusal.invalid("bad-diffbits"));
        }
        long time = Integer.toUnsignedLong(header.ntime());
        if (time <= parent.medianTimePast()) {
            return Optional.of(Refusal.invalid("time-too-old"));
        }
        if (time > latestSeconds) {
            return Optional.of(Refusal.invalid("time-too-new"));
        }
        if (header.version() < LEAST_VERSION) {
            return Optional.of(Refusal.invalid("bad-version(0x%08x)".formatted(header.version())));
        }
        return Optional.empty();
    }

    static long latestSeconds(long nowSeconds) {
        return nowSeconds + MAX_FUTURE_SECONDS;
    }

    /// What can be said of a block on top of a known parent without looking at coins.
    Optional<Refusal> checkInContext(Block block, ChainEntry parent) {
        int height = parent.height() + 1;
        for (var transaction : block.transactions()) {
            if (!isFinal(transaction, height, parent.medianTimePast())) {
                return Optional.of(Refusal.invalid("bad-txns-nonfinal"));
            }
        }
        var push = Coinbase.heightPush(height);
        var script = block.coinbase().inputs().getFirst().script();
        if (script.length < push.length
                || !Arrays.equals(script, 0, push.length, push, 0, push.length)) {
            return Optional.of(Refusal.invalid("bad-cb-height"));
        }
        var witness = checkWitness(block);
        if (witness.isPresent()) {
            return witness;
        }
        return block.weight() > MAX_WEIGHT
                ? Optional.of(Refusal.invalid("bad-blk-weight"))
                : Optional.empty();
    }

    static boolean isFinal(Transaction transaction, int height, long medianTimePast) {
        long lockTime = Integer.toUnsignedLong(transaction.lockTime());
        long limit = lockTime < LOCK_TIME_IS_SECONDS_FROM ? height : medianTimePast;
        return lockTime < limit
                || transaction.inputs().stream().allMatch(Transaction.Input::isFinal);
    }

    private boolean hasProofOfWork(Block block) {
        int nBits = block.header().nBits();
        try {
            var target = Target.fromNBits(nBits);
            var easiest = Target.fromNBits(settings.easiestNBits());
            return target.toBigInteger().signum() > 0
                    && target.compareTo(easiest) <= 0
                    && target.isMetBy(block.hash().bytes(), 0);
        } catch (IllegalArgumentException _) {
            return false;
        }
    }

    private static Optional<String> checkOutputs(Transaction transaction) {
        long total = 0;
        for (var output : transaction.outputs()) {
            if (output.sats() < 0) {
                return Optional.of("bad-txns-vout-negative");
            }
            if (output.sats() > MAX_MONEY_SATS) {
                return Optional.of("bad-txns-vout-toolarge");
            }
            total += output.sats();
            if (total > MAX_MONEY_SATS) {
                return Optional.of("bad-txns-txouttotal-toolarge");
            }
        }
        return Optional.empty();
    }

    private static Optional<String> checkInputs(Transaction transaction) {
        var inputs = transaction.inputs();
        var spent = new HashSet<OutPoint>();
        for (var input : inputs) {
            if (!spent.add(input.previous())) {
                return Optional.of("bad-txns-inputs-duplicate");
            }
        }
        if (transaction.isCoinbase()) {
            int bytes = inputs.getFirst().script().length;
            return bytes < MIN_COINBASE_SCRIPT_BYTES || bytes > MAX_COINBASE_SCRIPT_BYTES
                    ? Optional.of("bad-cb-length")
                    : Optional.empty();
        }
        return inputs.stream().anyMatch(input -> input.previous().isNull())
                ? Optional.of("bad-txns-prevout-null")
                : Optional.empty();
    }

    private static Optional<Refusal> checkWitness(Block block) {
        var commitment = WitnessCommitment.find(block.coinbase());
        if (commitment.isEmpty()) {
            return block.transactions().stream().anyMatch(Transaction::hasWitness)
                    ? Optional.of(Refusal.mutated("unexpected-witness"))
                    : Optional.empty();
        }
        List<byte[]> witness = block.coinbase().inputs().getFirst().witness();
        if (witness.size() != 1 || witness.getFirst().length != Hash.BYTES) {
            return Optional.of(Refusal.mutated("bad-witness-nonce-size"));
        }
        var others = block.transactions().subList(1, block.transactions().size());
        return commitment.get().equals(WitnessCommitment.over(others, witness.getFirst()))
                ? Optional.empty()
                : Optional.of(Refusal.mutated("bad-witness-merkle-match"));
    }
}
