package adit.pow;

import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Objects;

/// Double SHA-256, the hash of everything in a block.
///
/// It reuses one digest and works in place, so hashing allocates nothing.
///
/// **Owner:** one thread.
public final class Sha256d {
    private static final int BYTES = 32;

    private final MessageDigest digest;

    public Sha256d() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /// Hashes `length` bytes of `source` into 32 bytes of `target`, which may be the same array.
    public void hash(byte[] source, int offset, int length, byte[] target, int targetOffset) {
        Objects.checkFromIndexSize(targetOffset, BYTES, target.length);
        update(source, offset, length);
        finish(target, targetOffset);
    }

    /// Takes the next piece of a message that lies in several arrays; [#finish] ends it.
    ///
    /// A caller makes sure beforehand that all pieces are there: half a message would spoil the
    /// next one.
    void update(byte[] source, int offset, int length) {
        digest.update(source, offset, length);
    }

    void finish(byte[] target, int targetOffset) {
        try {
            digest.digest(target, targetOffset, BYTES);
            digest.update(target, targetOffset, BYTES);
            digest.digest(target, targetOffset, BYTES);
        } catch (DigestException e) {
            throw new IllegalStateException("no room for a 32-byte hash", e);
        }
    }
}
