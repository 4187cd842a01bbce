package adit.server;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

import adit.server.channel.DifficultyMemory;
import adit.server.config.Limits;
import adit.server.keep.SnapshotFile;
import adit.server.metrics.EventLog;
import adit.server.source.Sources;

/// What outlives a run of the pool, and the files it is kept in: which sources have credit or a penalty, the
/// difficulty found for each worker, and the height the pool has worked at.
///
/// **Invariant:** of two processes on one data directory, one alone writes the files: the old one before it
/// hands over, the new one after it has read them. A process that never came to serve writes nothing.
/// **Owner:** the `keeper` thread, for which the methods wait.
final class Remembered implements AutoCloseable {

    private static final int DIFFICULTIES_VERSION = 1;
    private static final Duration INTERVAL = Duration.ofMinutes(5);

    /// Who is kept out, or has earned credit for the first time, is written sooner: a crash must not forgive one
    /// nor lock the other out.
    private static final Duration LOOK = Duration.ofSeconds(10);

    private final Sources sources;
    private final DifficultyMemory difficulties;
    private final SnapshotFile sourcesFile;
    private final SnapshotFile difficultiesFile;
    private final Runnable keepHeight;
    private final EventLog events;
    private final ScheduledExecutorService keeper =
            Executors.newSingleThreadScheduledExecutor(Thread.ofVirtual().name("keeper").factory());
    private boolean isOurs;

    /// @param keepHeight writes the file that the nodes were given at the start
    Remembered(
            Path dataDirectory,
            Sources sources,
            DifficultyMemory difficulties,
            Runnable keepHeight,
            EventLog events) {
        this.sources = sources;
        this.difficulties = difficulties;
        this.keepHeight = keepHeight;
        this.events = events;
        sourcesFile =
                new SnapshotFile(
                        dataDirectory.resolve("sources"),
                        "sources",
                        Sources.LINE_VERSION,
                        Limits.REMEMBERED_SOURCES * Sources.MAX_LINE_BYTES,
                        events);
        difficultiesFile =
                new SnapshotFile(
                        dataDirectory.resolve("difficulties"),
                        "difficulties",
                        DIFFICULTIES_VERSION,
                        DifficultyMemory.MAX_BYTES,
                        events);
    }

    /// Reads what an earlier process has kept, which writes no more; before the first miner comes.
    void recall() {
        await(() -> {
            sources.recall(sourcesFile, InstantSource.system());
            difficulties.read(difficultiesFile.read());
            isOurs = true;
        });
    }

    /// Writes every few minutes from now on, and soon what is new of sources.
    void start() {
        var rounds = new Rounds(keeper, events);
        rounds.every(INTERVAL, "keeping what outlives a restart", this::write);
        rounds.every(LOOK, "keeping what is new of sources", this::writeNews);
    }

    /// Writes what is known by now, unless the files are another process's.
    void keep() {
        await(this::write);
    }

    /// Writes what is new of sources, if anything is.
    void keepNews() {
        await(this::writeNews);
    }

    /// Writes for the last time: another process reads the files next.
    void handOver() {
        await(() -> {
            write();
            isOurs = false;
        });
    }

    /// The other process is gone, and the files are this one's again.
    void takeBack() {
        await(() -> isOurs = true);
    }

    @Override
    public void close() {
        keep();
        keeper.shutdownNow();
    }

    private void write() {
        if (isOurs) {
            difficultiesFile.write(difficulties.lines());
            sources.keep(sourcesFile, InstantSource.system());
            keepHeight.run();
        }
    }

    private void writeNews() {
        if (isOurs && sources.hasNews()) {
            sources.keep(sourcesFile, InstantSource.system());
        }
    }

    private void await(Runnable task) {
        CompletableFuture.runAsync(task, keeper).join();
    }
}
