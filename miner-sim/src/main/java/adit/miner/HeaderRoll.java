package adit.miner;

import java.util.Arrays;

/// The headers that one [Work] allows, one after the other, none twice.
///
/// With each header the extranonce counts up and so do the rolled version bits; when the extranonce has come
/// round, the version runs one ahead of it, so that all pairs are met; when the pairs are used up, the next
/// stretch of nonces begins. The time is never rolled.
///
/// **Owner:** the thread of its [Grinder]. **Limits:** of a long extranonce the low 30 bits are counted and the rest
/// stays as seeded.
final class HeaderRoll {
    private static final int MAX_COUNTED_BITS = 30;

    private final Work work;
    private final int nonceBits;
    private final int extranonceCountBits;
    private final int pairBits;
    private final byte[] extranonce;
    private long index = -1;

    HeaderRoll(Work work, int nonceBits) {
        this.work = work;
        this.nonceBits = nonceBits;
        extranonceCountBits = Math.min(Byte.SIZE * work.extranonceBytes(), MAX_COUNTED_BITS);
        pairBits = extranonceCountBits + Integer.bitCount(work.versionMask());
        extranonce = Arrays.copyOf(work.extranoncePrefix(), work.plan().extranonceBytes());
    }

    /// Goes to the next header; false when there is none left.
    boolean advance() {
        if (((index + 1) >>> pairBits) >= 1L << (Integer.SIZE - nonceBits)) {
            return false;
        }
        index++;
        long counted = (1L << extranonceCountBits) - 1;
        long rolled = (work.seed() & ~counted) | ((work.seed() + index) & counted);
        int last = extranonce.length - 1;
        for (int i = 0; i < Math.min(work.extranonceBytes(), Long.BYTES); i++) {
            extranonce[last - i] = (byte) (rolled >>> (Byte.SIZE * i));
        }
        return true;
    }

    /// Prefix and rolled part, to be copied by whoever keeps it.
    byte[] extranonce() {
        return extranonce;
    }

    int versionBits() {
        return Integer.expand((int) (index + (index >>> extranonceCountBits)), work.versionMask());
    }

    int firstNonce() {
        return (int) (work.seed() >>> Integer.SIZE) + ((int) (index >>> pairBits) << nonceBits);
    }
}
