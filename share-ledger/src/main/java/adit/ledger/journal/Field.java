package adit.ledger.journal;

import java.nio.charset.StandardCharsets;

/// Bounds of the fields of a record, checked wherever a record is made: by us, or from bytes on disk.
final class Field {
    private Field() {}

    static void that(boolean holds, String field) {
        if (!holds) {
            throw new IllegalArgumentException(field + " out of bounds");
        }
    }

    static void hash(byte[] hash) {
        that(hash.length == RecordFormat.HASH_BYTES, "hash");
    }

    static void name(String name) {
        // A character is at least one byte, so a hostile length is refused before it is encoded.
        that(name.length() <= RecordFormat.MAX_NAME_BYTES, "name");
        that(utf8(name).length <= RecordFormat.MAX_NAME_BYTES, "name");
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
