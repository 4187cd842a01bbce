package adit.node.embedded;

import java.util.Arrays;

import adit.pow.Hash;

/// A cursor over the serialised form of blocks and transactions.
///
/// **Limits:** a length is believed only if that many bytes are left, so nothing is allocated for a lie.
final class WireReader {
    private final byte[] bytes;
    private int position;

    WireReader(byte[] bytes) {
        this.bytes = bytes;
    }

    int position() {
        return position;
    }

    void rewind(int earlier) {
        position = earlier;
    }

    boolean isAtEnd() {
        return position == bytes.length;
    }

    /// The bytes from an earlier position up to here.
    byte[] since(int start) {
        return Arrays.copyOfRange(bytes, start, position);
    }

    int uint8() {
        need(1);
        return bytes[position++] & 0xff;
    }

    int int32() {
        need(4);
        int value = 0;
        for (int i = 3; i >= 0; i--) {
            value = (value << 8) | (bytes[position + i] & 0xff);
        }
        position += 4;
        return value;
    }

    long int64() {
        long low = Integer.toUnsignedLong(int32());
        return ((long) int32() << 32) | low;
    }

    /// A compact size that counts items of at least the given number of bytes each.
    int count(int leastItemBytes) {
        long value = compactSize();
        if (value < 0 || value > (bytes.length - position) / leastItemBytes) {
            throw new UndecodableBytes("a count is larger than what follows it");
        }
        return (int) value;
    }

    byte[] take(int length) {
        need(length);
        position += length;
        return Arrays.copyOfRange(bytes, position - length, position);
    }

    byte[] takeCounted() {
        return take(count(1));
    }

    Hash hash() {
        need(Hash.BYTES);
        position += Hash.BYTES;
        return Hash.of(bytes, position - Hash.BYTES);
    }

    private long compactSize() {
        int first = uint8();
        long value =
                switch (first) {
                    case 0xfd -> uint8() | (uint8() << 8);
                    case 0xfe -> Integer.toUnsignedLong(int32());
                    case 0xff -> int64();
                    default -> first;
                };
        long least =
                first == 0xfd ? 0xfd : first == 0xfe ? 0x1_0000L : first == 0xff ? 1L << 32 : 0;
        if (Long.compareUnsigned(value, least) < 0) {
            throw new UndecodableBytes("a count is not written in its shortest form");
        }
        return value;
    }

    private void need(int count) {
        if (bytes.length - position < count) {
            throw new UndecodableBytes("the bytes end too early");
        }
    }
}
