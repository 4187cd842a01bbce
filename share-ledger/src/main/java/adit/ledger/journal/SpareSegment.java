package adit.ledger.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The next segment's file, filled with zeros and synced before it is needed.
///
/// **Owner:** `journal`; the filling itself runs on the executor, one at a time.
final class SpareSegment {
    static final String SUFFIX = ".spare";

    private static final Logger LOG = LoggerFactory.getLogger(SpareSegment.class);
    private static final int CHUNK_BYTES = 1 << 20;

    private final JournalStorage storage;
    private final JournalSettings settings;
    private final int epoch;
    private final Executor executor;
    private @Nullable FutureTask<JournalStorage.File> prepared;

    SpareSegment(JournalStorage storage, JournalSettings settings, int epoch, Executor executor) {
        this.storage = storage;
        this.settings = settings;
        this.epoch = epoch;
        this.executor = executor;
    }

    String fileName() {
        return fileName(settings.serverId(), epoch);
    }

    static String fileName(int serverId, int epoch) {
        return serverId + "-" + epoch + SUFFIX;
    }

    void prepare() {
        var task = new FutureTask<>(this::fill);
        prepared = task;
        executor.execute(task);
    }

    /// The file, still under its spare name; waits for the filling to end. A failed filling is tried once
    /// more, on a new file: what was wrong when it was prepared may be long repaired.
    JournalStorage.File take() throws IOException {
        var task = prepared;
        prepared = null;
        if (task == null) {
            return fill();
        }
        try {
            return task.get();
        } catch (ExecutionException e) {
            LOG.warn("preparing the next journal segment failed, trying once more: {}", reason(e));
            return fill();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while a journal segment was prepared", e);
        }
    }

    /// Ends the preparation, so that nothing is written to the directory any more.
    void close() {
        var task = prepared;
        prepared = null;
        if (task == null) {
            return;
        }
        try {
            task.get().close();
            storage.delete(fileName());
        } catch (ExecutionException | IOException e) {
            LOG.warn("the spare journal segment {} is left behind: {}", fileName(), reason(e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String reason(Exception e) {
        var cause = e.getCause();
        return String.valueOf(cause != null ? cause : e);
    }

    private JournalStorage.File fill() throws IOException {
        FreeSpace.check(storage, settings);
        var file = storage.create(fileName());
        try {
            var zeros = ByteBuffer.allocateDirect(Math.min(CHUNK_BYTES, settings.segmentBytes()));
            long position = 0;
            while (position < settings.segmentBytes()) {
                zeros.clear();
                zeros.limit((int) Math.min(zeros.capacity(), settings.segmentBytes() - position));
                position += WholeWrite.to(file, zeros, position);
            }
            file.force();
            return file;
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }
}
