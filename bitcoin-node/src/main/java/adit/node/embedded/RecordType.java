package adit.node.embedded;

import java.util.Optional;

/// What a record of the block store holds; the number is written to disk.
enum RecordType {
    /// The rules the store was made under, as text.
    FINGERPRINT(1),
    /// A block whose parent stands before it.
    BLOCK(2),
    /// The hash of a block the operator declared invalid.
    INVALIDATED(3),
    /// The hash of a block whose invalidity, and that of its relatives, was taken back.
    RECONSIDERED(4),
    /// The script of the wallet's next address.
    ADDRESS(5),
    /// A transaction that entered the mempool.
    TRANSACTION(6);

    private final int code;

    RecordType(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }

    static Optional<RecordType> of(int code) {
        for (var type : values()) {
            if (type.code == code) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }
}
