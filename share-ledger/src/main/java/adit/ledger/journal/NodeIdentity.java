package adit.ledger.journal;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.function.Supplier;

/// The name a journal directory gave itself when it was first used, kept in a file.
///
/// It tells a wiped or swapped directory, whose epochs begin at 1 again, from the one that was there.
final class NodeIdentity {
    private static final String FILE = "node";
    private static final String NEW_FILE = "node.new";
    private static final int UUID_CHARACTERS = 36;

    private NodeIdentity() {}

    static UUID readOrCreate(JournalStorage storage, Supplier<UUID> ids) throws IOException {
        if (storage.list().contains(FILE)) {
            return read(storage);
        }
        var id = ids.get();
        try (var file = storage.create(NEW_FILE)) {
            WholeWrite.to(file, StandardCharsets.US_ASCII.encode(id + "\n"), 0);
            file.force();
        }
        storage.rename(NEW_FILE, FILE);
        storage.syncDirectory();
        return id;
    }

    static UUID read(JournalStorage storage) throws IOException {
        if (!storage.list().contains(FILE)) {
            throw new FileNotFoundException(storage.describe() + " holds no journal");
        }
        var text = ByteBuffer.allocate(UUID_CHARACTERS);
        try (var file = storage.openToRead(FILE)) {
            int read = 0;
            while (read >= 0 && text.hasRemaining()) {
                read = file.read(text, text.position());
            }
        }
        try {
            return UUID.fromString(StandardCharsets.US_ASCII.decode(text.flip()).toString());
        } catch (IllegalArgumentException e) {
            throw new JournalDamaged(FILE, 0, "not a node identity: " + e.getMessage());
        }
    }
}
