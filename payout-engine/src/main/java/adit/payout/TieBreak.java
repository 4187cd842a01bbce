package adit.payout;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;

/// Who comes first when the last units of a reward would go to equal fractions.
public sealed interface TieBreak {

    /// The lower account id.
    record ByAccount() implements TieBreak {}

    /// The smaller sha256 of the block's hash as displayed and the account id (8 bytes, big-endian): favours nobody in
    /// the long run and cannot be ground without giving up the block.
    record ByBlockHash(String displayHex) implements TieBreak {
        public ByBlockHash {
            Check.that(displayHex.length() == 64, "a block hash is 64 hex digits");
        }
    }

    /// Orders places in `accounts`, which is ascending.
    default Comparator<Integer> orderOf(long[] accounts) {
        return switch (this) {
            case ByAccount _ -> Comparator.naturalOrder();
            case ByBlockHash(String displayHex) -> {
                var hashes = hashes(HexFormat.of().parseHex(displayHex), accounts);
                yield (a, b) -> Arrays.compareUnsigned(hashes[a], hashes[b]);
            }
        };
    }

    private static byte[][] hashes(byte[] blockHash, long[] accounts) {
        try {
            var sha256 = MessageDigest.getInstance("SHA-256");
            var hashes = new byte[accounts.length][];
            for (int i = 0; i < accounts.length; i++) {
                sha256.update(blockHash);
                hashes[i] = sha256.digest(ByteBuffer.allocate(8).putLong(accounts[i]).array());
            }
            return hashes;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
