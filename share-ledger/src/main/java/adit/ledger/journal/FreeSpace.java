package adit.ledger.journal;

import java.io.IOException;

/// The disk space a journal leaves alone, so that stopping, logging and blocks still work.
final class FreeSpace {
    private FreeSpace() {}

    /// [JournalUnavailable] if there is less left than the settings demand.
    static void check(JournalStorage storage, JournalSettings settings) throws IOException {
        long freeBytes = storage.freeBytes();
        if (freeBytes < settings.leastFreeBytes()) {
            throw new JournalUnavailable(
                    JournalUnavailable.Reason.LOW_SPACE,
                    "%s has %d bytes free, less than the %d to be left alone; free some, or lower the limit"
                            .formatted(storage.describe(), freeBytes, settings.leastFreeBytes()));
        }
    }
}
