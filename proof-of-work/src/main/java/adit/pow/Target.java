package adit.pow;

import java.math.BigInteger;
import java.util.HexFormat;
import java.util.Objects;

/// A 256-bit threshold: a header meets it when its hash, read as a little-endian number, is not
/// above it.
///
/// Held as four unsigned longs, so that judging a share compares words and allocates nothing.
///
/// **Limits:** 0 to 2^256 − 1. **Spec:** the compact form (`nBits`) follows Bitcoin's consensus
/// rules.
public final class Target implements Comparable<Target> {
    /// 2^256 − 1, which every hash meets.
    public static final Target ANY = new Target(-1L, -1L, -1L, -1L);

    /// Zero, which no hash meets in practice.
    public static final Target NEVER = new Target(0L, 0L, 0L, 0L);

    /// 0xffff·2^208, the target of difficulty 1 for every pool and firmware.
    public static final Target DIFFICULTY_ONE = new Target(0xffff_0000L, 0L, 0L, 0L);

    private static final int BYTES = 32;
    private static final int COMPACT_SIGN = 0x0080_0000;
    private static final int COMPACT_MANTISSA = 0x007f_ffff;
    private static final int COMPACT_MANTISSA_BYTES = 3;

    // Most significant first, each unsigned.
    private final long word3;
    private final long word2;
    private final long word1;
    private final long word0;

    private Target(long word3, long word2, long word1, long word0) {
        this.word3 = word3;
        this.word2 = word2;
        this.word1 = word1;
        this.word0 = word0;
    }

    /// Expands the compact form of a header; refuses a negative value and one of more than 256
    /// bits.
    public static Target fromNBits(int nBits) {
        int shift = 8 * ((nBits >>> 24) - COMPACT_MANTISSA_BYTES);
        var mantissa = BigInteger.valueOf(nBits & COMPACT_MANTISSA);
        var value = shift >= 0 ? mantissa.shiftLeft(shift) : mantissa.shiftRight(-shift);
        if (value.signum() != 0 && (nBits & COMPACT_SIGN) != 0) {
            throw new IllegalArgumentException(
                    "nBits of a negative target: " + HexFormat.of().toHexDigits(nBits));
        }
        return of(value);
    }

    /// The target of a difficulty, floor(T1·2^32 / units).
    public static Target ofDifficultyUnits(long units) {
        return of(Difficulty.targetOf(units));
    }

    public static Target of(BigInteger value) {
        if (value.signum() < 0 || value.bitLength() > 8 * BYTES) {
            throw new IllegalArgumentException("not a number of 256 bits: " + value.toString(16));
        }
        return new Target(
                value.shiftRight(192).longValue(),
                value.shiftRight(128).longValue(),
                value.shiftRight(64).longValue(),
                value.longValue());
    }

    /// Reads 32 bytes as a little-endian number, the order of a hash and of Stratum V2.
    public static Target read(byte[] bytes, int offset) {
        Objects.checkFromIndexSize(offset, BYTES, bytes.length);
        return new Target(
                LittleEndian.int64(bytes, offset + 24),
                LittleEndian.int64(bytes, offset + 16),
                LittleEndian.int64(bytes, offset + 8),
                LittleEndian.int64(bytes, offset));
    }

    /// Whether the 32-byte hash at `offset`, in internal order, is not above this target.
    public boolean isMetBy(byte[] hash, int offset) {
        int order = Long.compareUnsigned(LittleEndian.int64(hash, offset + 24), word3);
        if (order == 0) {
            order = Long.compareUnsigned(LittleEndian.int64(hash, offset + 16), word2);
        }
        if (order == 0) {
            order = Long.compareUnsigned(LittleEndian.int64(hash, offset + 8), word1);
        }
        if (order == 0) {
            order = Long.compareUnsigned(LittleEndian.int64(hash, offset), word0);
        }
        return order <= 0;
    }

    /// The compact form; it keeps the leading 15 to 23 bits and drops the rest.
    public int toNBits() {
        var value = toBigInteger();
        int bytes = (value.bitLength() + 7) / 8;
        int shift = 8 * (bytes - COMPACT_MANTISSA_BYTES);
        int mantissa = (shift >= 0 ? value.shiftRight(shift) : value.shiftLeft(-shift)).intValue();
        if ((mantissa & COMPACT_SIGN) != 0) {
            mantissa >>>= 8;
            bytes++;
        }
        return bytes << 24 | mantissa;
    }

    public BigInteger toBigInteger() {
        return new BigInteger(displayHex(), 16);
    }

    /// The 32 bytes of the little-endian number, as [#read] takes them.
    public byte[] bytes() {
        var bytes = new byte[BYTES];
        LittleEndian.putInt64(bytes, 0, word0);
        LittleEndian.putInt64(bytes, 8, word1);
        LittleEndian.putInt64(bytes, 16, word2);
        LittleEndian.putInt64(bytes, 24, word3);
        return bytes;
    }

    public String displayHex() {
        var hex = HexFormat.of();
        return hex.toHexDigits(word3)
                + hex.toHexDigits(word2)
                + hex.toHexDigits(word1)
                + hex.toHexDigits(word0);
    }

    @Override
    public int compareTo(Target other) {
        int order = Long.compareUnsigned(word3, other.word3);
        if (order == 0) {
            order = Long.compareUnsigned(word2, other.word2);
        }
        if (order == 0) {
            order = Long.compareUnsigned(word1, other.word1);
        }
        return order != 0 ? order : Long.compareUnsigned(word0, other.word0);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Target that && compareTo(that) == 0;
    }

    @Override
    public int hashCode() {
        return Objects.hash(word3, word2, word1, word0);
    }

    @Override
    public String toString() {
        return displayHex();
    }
}
