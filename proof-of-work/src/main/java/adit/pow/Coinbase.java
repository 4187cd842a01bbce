package adit.pow;

import java.util.HexFormat;
import java.util.List;

/// A coinbase transaction split where the extranonce goes, so that a miner can complete it.
///
/// ```
/// prefix      version 2 · one input without a source · length of scriptSig
///             scriptSig: height · push(8 bytes of uniqueness) · push opcode of the extranonce
/// extranonce  (the pool's prefix and the miner's part)
/// suffix      scriptSig: push(tag) · sequence fffffffe
///             outputs · witness commitment, value 0 · locktime height − 1
/// ```
/// The extranonce lies inside a push, because a bare byte could count as a signature check. The
/// uniqueness keeps two coinbases with equal outputs from ever sharing work.
///
/// **Invariant:** immutable; nobody writes into the arrays it returns. **Limits:** the scriptSig
/// has 2 to 100 bytes. **Spec:** BIP 34 (height), BIP 141 (commitment), BIP 54 (locktime and
/// sequence).
public final class Coinbase {
    public static final int MAX_SCRIPT_SIG_BYTES = 100;
    public static final int MAX_EXTRANONCE_BYTES = 32;

    /// The longest tag, which fits beside any extranonce at any height.
    public static final int MAX_TAG_BYTES =
            MAX_SCRIPT_SIG_BYTES - 5 - (1 + Long.BYTES) - (1 + MAX_EXTRANONCE_BYTES) - 1;

    /// What nodes leave free in a template for header, count and coinbase, and of its sigops.
    public static final int RESERVED_WEIGHT = 8_000;

    public static final int RESERVED_SIGOP_COST = 400;

    private static final int WITNESS_SCALE = 4;
    private static final int TRANSACTION_VERSION = 2;
    private static final int SEQUENCE = 0xffff_fffe;
    private static final int VERSION_BYTES = 4;
    private static final int LOCKTIME_BYTES = 4;
    private static final byte[] COMMITMENT_SCRIPT_START = HexFormat.of().parseHex("6a24aa21a9ed");
    private static final byte[] WITNESS_MARKER_AND_FLAG = {0, 1};
    private static final byte[] RESERVED_VALUE = new byte[Hash.BYTES];
    private static final int WITNESS_TOTAL_BYTES =
            WITNESS_MARKER_AND_FLAG.length + 2 + RESERVED_VALUE.length;
    private static final int OP_1 = 0x51;

    /// Header and number of transactions, which share the reserve.
    static final int BLOCK_OVERHEAD_WEIGHT = WITNESS_SCALE * (BlockHeader.BYTES + 5);

    /// How long a coinbase may be, as it is hashed, to fit the reserve.
    public static final int RESERVED_BYTES =
            (RESERVED_WEIGHT - BLOCK_OVERHEAD_WEIGHT - WITNESS_TOTAL_BYTES) / WITNESS_SCALE;

    private final int height;
    private final byte[] prefix;
    private final int extranonceBytes;
    private final byte[] suffix;
    private final int outputsAt;
    private final long totalSats;
    private final int sigopCost;
    private final Hash witnessCommitment;

    private Coinbase(
            int height,
            byte[] prefix,
            int extranonceBytes,
            byte[] suffix,
            int outputsAt,
            Outputs outputs,
            Hash witnessCommitment) {
        this.height = height;
        this.prefix = prefix;
        this.extranonceBytes = extranonceBytes;
        this.suffix = suffix;
        this.outputsAt = outputsAt;
        this.totalSats = outputs.sats;
        this.sigopCost = outputs.sigopCost;
        this.witnessCommitment = witnessCommitment;
    }

    /// Builds the coinbase of a block at `height`; the output with the witness commitment is
    /// appended last.
    public static Coinbase of(
            int height,
            long uniqueness,
            int extranonceBytes,
            byte[] tag,
            List<CoinbaseOutput> outputs,
            Hash witnessCommitment) {
        if (height < 1) {
            throw new IllegalArgumentException("nothing is mined at height " + height);
        }
        if (extranonceBytes < 1 || extranonceBytes > MAX_EXTRANONCE_BYTES) {
            throw new IllegalArgumentException("extranonce of " + extranonceBytes + " bytes");
        }
        if (tag.length > MAX_TAG_BYTES) {
            throw new IllegalArgumentException("tag of " + tag.length + " bytes");
        }
        var beforeExtranonce =
                new WireBuffer(16)
                        .raw(heightPush(height))
                        .int8(Long.BYTES)
                        .int64(uniqueness)
                        .int8(extranonceBytes)
                        .toBytes();
        int tagPushBytes = tag.length == 0 ? 0 : 1 + tag.length;
        int scriptSigBytes = beforeExtranonce.length + extranonceBytes + tagPushBytes;
        Check.that(
                scriptSigBytes >= 2 && scriptSigBytes <= MAX_SCRIPT_SIG_BYTES,
                "a coinbase scriptSig has 2 to 100 bytes");

        var prefix =
                new WireBuffer(64)
                        .int32(TRANSACTION_VERSION)
                        .compactSize(1)
                        .raw(Hash.ZERO.bytes())
                        .int32(-1)
                        .compactSize(scriptSigBytes)
                        .raw(beforeExtranonce);
        var suffix = new WireBuffer(128);
        if (tag.length > 0) {
            suffix.int8(tag.length).raw(tag);
        }
        suffix.int32(SEQUENCE);
        int outputsAt = suffix.length();
        var written = writeOutputs(suffix, outputs, witnessCommitment);
        suffix.int32(height - 1);
        return new Coinbase(
                height,
                prefix.toBytes(),
                extranonceBytes,
                suffix.toBytes(),
                outputsAt,
                written,
                witnessCommitment);
    }

    /// The same coinbase with other outputs: all before them is shared.
    public Coinbase withOutputs(List<CoinbaseOutput> outputs) {
        var other = new WireBuffer(2 * suffix.length).raw(suffix, 0, outputsAt);
        var written = writeOutputs(other, outputs, witnessCommitment);
        other.int32(height - 1);
        return new Coinbase(
                height,
                prefix,
                extranonceBytes,
                other.toBytes(),
                outputsAt,
                written,
                witnessCommitment);
    }

    /// The bytes a scriptSig must start with: an opcode up to 16, then a script number in its
    /// shortest form.
    public static byte[] heightPush(int height) {
        if (height < 0) {
            throw new IllegalArgumentException("negative height " + height);
        }
        if (height <= 16) {
            return new byte[] {(byte) (height == 0 ? 0 : OP_1 + height - 1)};
        }
        // One bit more than the number itself: the top bit of a script number is its sign.
        int bytes = (Integer.SIZE - Integer.numberOfLeadingZeros(height)) / 8 + 1;
        var push = new byte[1 + bytes];
        push[0] = (byte) bytes;
        for (int i = 0; i < bytes; i++) {
            push[1 + i] = (byte) ((long) height >>> (8 * i));
        }
        return push;
    }

    public int height() {
        return height;
    }

    public byte[] prefix() {
        return prefix;
    }

    public byte[] suffix() {
        return suffix;
    }

    public int extranonceBytes() {
        return extranonceBytes;
    }

    /// What all outputs together pay.
    public long totalSats() {
        return totalSats;
    }

    public Hash witnessCommitment() {
        return witnessCommitment;
    }

    /// How long it is as miners complete and hash it.
    public int strippedBytes() {
        return prefix.length + extranonceBytes + suffix.length;
    }

    /// How much of a block's weight it takes.
    public int weight() {
        return WITNESS_SCALE * strippedBytes() + WITNESS_TOTAL_BYTES;
    }

    /// What nodes count for the signature checks in its outputs.
    public int sigopCost() {
        return sigopCost;
    }

    /// How long it is before any output but the witness commitment, whose count takes one byte.
    public int bytesWithoutOutputs() {
        int commitment =
                CoinbaseOutput.bytesOf(new byte[COMMITMENT_SCRIPT_START.length + Hash.BYTES]);
        return prefix.length + extranonceBytes + outputsAt + 1 + commitment + LOCKTIME_BYTES;
    }

    /// The transaction as it is hashed into the merkle tree, without its witness.
    public byte[] stripped(byte[] extranonce) {
        requireLength(extranonce);
        return new WireBuffer(prefix.length + extranonce.length + suffix.length)
                .raw(prefix)
                .raw(extranonce)
                .raw(suffix)
                .toBytes();
    }

    /// The transaction as it stands in a block: its witness is the reserved value, 32 zero bytes.
    public byte[] withWitness(byte[] extranonce) {
        requireLength(extranonce);
        return withWitness(prefix, extranonce, suffix);
    }

    static byte[] withWitness(byte[] prefix, byte[] extranonce, byte[] suffix) {
        int beforeLocktime = suffix.length - LOCKTIME_BYTES;
        return new WireBuffer(
                        prefix.length + extranonce.length + suffix.length + WITNESS_TOTAL_BYTES)
                .raw(prefix, 0, VERSION_BYTES)
                .raw(WITNESS_MARKER_AND_FLAG)
                .raw(prefix, VERSION_BYTES, prefix.length - VERSION_BYTES)
                .raw(extranonce)
                .raw(suffix, 0, beforeLocktime)
                .compactSize(1)
                .compactSize(RESERVED_VALUE.length)
                .raw(RESERVED_VALUE)
                .raw(suffix, beforeLocktime, LOCKTIME_BYTES)
                .toBytes();
    }

    /// What was written: how much is paid, and what checking it costs.
    private record Outputs(long sats, int sigopCost) {}

    private static Outputs writeOutputs(
            WireBuffer buffer, List<CoinbaseOutput> outputs, Hash witnessCommitment) {
        long totalSats = 0;
        int sigopCost = 0;
        buffer.compactSize(outputs.size() + 1);
        for (var output : outputs) {
            totalSats = Math.addExact(totalSats, output.sats());
            sigopCost += CoinbaseOutput.sigopCost(output.script());
            buffer.int64(output.sats()).compactSize(output.script().length).raw(output.script());
        }
        buffer.int64(0)
                .compactSize(COMMITMENT_SCRIPT_START.length + Hash.BYTES)
                .raw(COMMITMENT_SCRIPT_START)
                .raw(witnessCommitment.bytes());
        Check.that(totalSats <= CoinbaseOutput.MAX_SATS, "a coinbase pays at most all coins");
        return new Outputs(totalSats, sigopCost);
    }

    private void requireLength(byte[] extranonce) {
        Check.that(
                extranonce.length == extranonceBytes,
                "the extranonce must fill its place in the coinbase");
    }
}
