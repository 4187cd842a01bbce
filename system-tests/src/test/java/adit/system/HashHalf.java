package adit.system;

import java.util.Arrays;
import java.util.HexFormat;

import adit.pow.Hash;

/// The half of a header hash that the journal and PostgreSQL keep.
record HashHalf(byte[] bytes) {

    private static final int BYTES = 16;

    static HashHalf of(Hash hash) {
        return new HashHalf(Arrays.copyOf(hash.bytes(), BYTES));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof HashHalf that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return HexFormat.of().formatHex(bytes);
    }
}
