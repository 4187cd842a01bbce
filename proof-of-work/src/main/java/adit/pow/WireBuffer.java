package adit.pow;

import java.io.ByteArrayOutputStream;

/// A growing buffer that writes the consensus serialisation: little-endian integers, compact sizes,
/// raw bytes.
///
/// **Owner:** the method that made it.
final class WireBuffer {
    private final ByteArrayOutputStream bytes;

    WireBuffer(int expectedBytes) {
        bytes = new ByteArrayOutputStream(expectedBytes);
    }

    WireBuffer int8(int value) {
        bytes.write(value);
        return this;
    }

    WireBuffer int32(int value) {
        return littleEndian(value, Integer.BYTES);
    }

    WireBuffer int64(long value) {
        return littleEndian(value, Long.BYTES);
    }

    WireBuffer compactSize(int size) {
        if (size < 0xfd) {
            return int8(size);
        }
        return size <= 0xffff
                ? int8(0xfd).littleEndian(size, Short.BYTES)
                : int8(0xfe).littleEndian(size, Integer.BYTES);
    }

    WireBuffer raw(byte[] source) {
        return raw(source, 0, source.length);
    }

    WireBuffer raw(byte[] source, int offset, int length) {
        bytes.write(source, offset, length);
        return this;
    }

    int length() {
        return bytes.size();
    }

    static int compactSizeBytes(int size) {
        return size < 0xfd ? 1 : size <= 0xffff ? 3 : 5;
    }

    byte[] toBytes() {
        return bytes.toByteArray();
    }

    private WireBuffer littleEndian(long value, int count) {
        for (int i = 0; i < count; i++) {
            bytes.write((int) (value >>> (8 * i)));
        }
        return this;
    }
}
