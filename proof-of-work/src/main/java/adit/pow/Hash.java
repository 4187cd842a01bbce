package adit.pow;

import java.util.Arrays;
import java.util.HexFormat;

/// A 32-byte hash: a block's, a transaction's, or a node of a merkle tree.
///
/// **Invariant:** immutable; nobody writes into the array that [#bytes] returns.
public final class Hash {
    public static final int BYTES = 32;
    public static final Hash ZERO = new Hash(new byte[BYTES]);

    private final byte[] internal;

    private Hash(byte[] internal) {
        this.internal = internal;
    }

    /// Copies exactly 32 bytes in internal order.
    public static Hash of(byte[] internal) {
        if (internal.length != BYTES) {
            throw new IllegalArgumentException("a hash has 32 bytes, not " + internal.length);
        }
        return new Hash(internal.clone());
    }

    /// Copies 32 bytes in internal order, starting at `offset`.
    public static Hash of(byte[] bytes, int offset) {
        if (offset < 0 || offset > bytes.length - BYTES) {
            throw new IllegalArgumentException("no 32 bytes at " + offset);
        }
        return new Hash(Arrays.copyOfRange(bytes, offset, offset + BYTES));
    }

    /// Reads the order in which explorers and the node's RPC write a hash: internal reversed.
    public static Hash fromDisplayHex(String hex) {
        if (hex.length() != 2 * BYTES) {
            throw new IllegalArgumentException("a hash has 64 hex digits, not " + hex.length());
        }
        return new Hash(reversed(HexFormat.of().parseHex(hex)));
    }

    /// Hashes `content` twice with SHA-256.
    public static Hash ofContent(byte[] content) {
        var hash = new byte[BYTES];
        new Sha256d().hash(content, 0, content.length, hash, 0);
        return new Hash(hash);
    }

    /// The bytes in internal order, not to be changed.
    public byte[] bytes() {
        return internal;
    }

    public String displayHex() {
        return HexFormat.of().formatHex(reversed(internal));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Hash that && Arrays.equals(internal, that.internal);
    }

    // The first bytes in internal order are the evenly spread ones; a block's zeros are at the end.
    @Override
    public int hashCode() {
        return LittleEndian.int32(internal, 0);
    }

    @Override
    public String toString() {
        return displayHex();
    }

    private static byte[] reversed(byte[] bytes) {
        var reversed = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            reversed[i] = bytes[bytes.length - 1 - i];
        }
        return reversed;
    }
}
