package adit.ledger.journal;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;

/// Which epochs of a directory are being written: each has a lock file `<server>-<epoch>.lock` for as long.
///
/// Two processes share a directory while one follows the other: the new one begins an epoch of its own while
/// the old one still writes its last. Whoever finds the lock file of a process that died puts that epoch in
/// order, and then removes the file.
final class EpochLocks {
    private EpochLocks() {}

    static String file(int serverId, int epoch) {
        return "%d-%d.lock".formatted(serverId, epoch);
    }

    /// Whether nobody writes this epoch any more, as `files` of the directory and its locks say.
    static boolean isOver(JournalStorage storage, List<String> files, int serverId, int epoch)
            throws IOException {
        var file = file(serverId, epoch);
        if (!files.contains(file)) {
            return true;
        }
        try (var _ = storage.lock(file)) {
            JournalRecovery.recover(storage, serverId, epoch);
            storage.delete(file);
            return true;
        } catch (JournalUnavailable held) {
            if (held.reason() != JournalUnavailable.Reason.LOCKED) {
                throw held;
            }
            return false;
        }
    }

    /// Held until closed, which also removes the file.
    static Closeable hold(JournalStorage storage, int serverId, int epoch) throws IOException {
        var file = file(serverId, epoch);
        var lock = storage.lock(file);
        return () -> {
            // In this order: who looks in between finds the epoch still held, and looks again.
            storage.delete(file);
            lock.close();
        };
    }
}
