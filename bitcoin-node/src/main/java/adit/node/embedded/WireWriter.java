package adit.node.embedded;

import java.io.ByteArrayOutputStream;

import adit.pow.Hash;

/// A growing buffer that takes fields as blocks and transactions serialise them.
final class WireWriter {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    WireWriter uint8(int value) {
        bytes.write(value);
        return this;
    }

    WireWriter int32(int value) {
        for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
            bytes.write(value >>> shift);
        }
        return this;
    }

    WireWriter int64(long value) {
        return int32((int) value).int32((int) (value >>> 32));
    }

    WireWriter compactSize(int value) {
        if (value < 0xfd) {
            return uint8(value);
        }
        return value <= 0xffff
                ? uint8(0xfd).uint8(value).uint8(value >>> 8)
                : uint8(0xfe).int32(value);
    }

    WireWriter raw(byte[] value) {
        bytes.writeBytes(value);
        return this;
    }

    WireWriter counted(byte[] value) {
        return compactSize(value.length).raw(value);
    }

    WireWriter hash(Hash value) {
        return raw(value.bytes());
    }

    byte[] toBytes() {
        return bytes.toByteArray();
    }
}
