package adit.server;

import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;

import adit.server.channel.DifficultyMemory;
import adit.server.keep.SnapshotFile;
import adit.server.metrics.EventLog;

/// The difficulty found for each worker, and the file it is kept in between two runs of the pool.
record KeptDifficulties(DifficultyMemory memory, SnapshotFile file) {

    private static final int VERSION = 1;

    static KeptDifficulties in(Path dataDirectory, EventLog events) {
        var memory = new DifficultyMemory(() -> LocalDate.now(ZoneOffset.UTC).toEpochDay());
        var file =
                new SnapshotFile(
                        dataDirectory.resolve("difficulties"),
                        "difficulties",
                        VERSION,
                        DifficultyMemory.MAX_BYTES,
                        events);
        return new KeptDifficulties(memory, file);
    }

    void read() {
        memory.read(file.read());
    }

    void keep() {
        file.write(memory.lines());
    }
}
