package adit.pow;

import java.util.Objects;

/// The 80 bytes that are hashed to find a block.
public record BlockHeader(
        int version, Hash previousHash, Hash merkleRoot, int ntime, int nBits, int nonce) {
    public static final int BYTES = 80;

    static final int PREVIOUS_HASH_OFFSET = 4;
    static final int MERKLE_ROOT_OFFSET = 36;
    static final int NTIME_OFFSET = 68;
    static final int NBITS_OFFSET = 72;
    static final int NONCE_OFFSET = 76;

    public static BlockHeader read(byte[] bytes, int offset) {
        Objects.checkFromIndexSize(offset, BYTES, bytes.length);
        return new BlockHeader(
                LittleEndian.int32(bytes, offset),
                Hash.of(bytes, offset + PREVIOUS_HASH_OFFSET),
                Hash.of(bytes, offset + MERKLE_ROOT_OFFSET),
                LittleEndian.int32(bytes, offset + NTIME_OFFSET),
                LittleEndian.int32(bytes, offset + NBITS_OFFSET),
                LittleEndian.int32(bytes, offset + NONCE_OFFSET));
    }

    public byte[] bytes() {
        var bytes = new byte[BYTES];
        LittleEndian.putInt32(bytes, 0, version);
        System.arraycopy(previousHash.bytes(), 0, bytes, PREVIOUS_HASH_OFFSET, Hash.BYTES);
        System.arraycopy(merkleRoot.bytes(), 0, bytes, MERKLE_ROOT_OFFSET, Hash.BYTES);
        LittleEndian.putInt32(bytes, NTIME_OFFSET, ntime);
        LittleEndian.putInt32(bytes, NBITS_OFFSET, nBits);
        LittleEndian.putInt32(bytes, NONCE_OFFSET, nonce);
        return bytes;
    }

    public Hash hash() {
        return Hash.ofContent(bytes());
    }
}
