package adit.ledger.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The next segment's file, filled with zeros and synced before it is needed.
///
/// It is filled while the one before is used, two bytes for each that is written there. To fill it at once would keep
/// the disk from syncing shares for up to a tenth of a second.
///
/// **Owner:** `journal`; one step of filling at a time runs on the executor.
final class SpareSegment {
    static final String SUFFIX = ".spare";

    private static final Logger LOG = LoggerFactory.getLogger(SpareSegment.class);
    private static final int STEP_BYTES = 1 << 18;
    private static final int LEAST_STEPS = 16;
    private static final int FILLED_FOR_EACH_USED = 2;

    private final JournalStorage storage;
    private final JournalSettings settings;
    private final int epoch;
    private final Executor executor;
    private final ByteBuffer zeros;

    /// Touched by the step while there is one, and by the owner while there is none.
    private JournalStorage.@Nullable File file;

    private long filledBytes;
    private long dueBytes;
    private @Nullable FutureTask<JournalStorage.File> step;

    SpareSegment(JournalStorage storage, JournalSettings settings, int epoch, Executor executor) {
        this.storage = storage;
        this.settings = settings;
        this.epoch = epoch;
        this.executor = executor;
        int stepBytes = Math.min(STEP_BYTES, Math.max(settings.segmentBytes() / LEAST_STEPS, 1));
        this.zeros = ByteBuffer.allocateDirect(stepBytes);
    }

    String fileName() {
        return fileName(settings.serverId(), epoch);
    }

    static String fileName(int serverId, int epoch) {
        return serverId + "-" + epoch + SUFFIX;
    }

    /// So many bytes more of the segment before are used: goes on filling, and waits for nothing.
    void used(int bytes) {
        dueBytes += FILLED_FOR_EACH_USED * (long) bytes;
        if (step == null || step.state() == Future.State.SUCCESS) {
            long to = Math.min(dueBytes, settings.segmentBytes());
            if (to - filledBytes >= zeros.capacity()) {
                var next = new FutureTask<>(() -> fillTo(to));
                step = next;
                executor.execute(next);
            }
        }
    }

    /// The file, full, still under its spare name; what is missing is filled first. A filling that failed is tried
    /// once more, on a new file: what was wrong when it was prepared may be long repaired.
    JournalStorage.File take() throws IOException {
        try {
            endStep();
        } catch (ExecutionException e) {
            LOG.warn("preparing the next journal segment failed, trying once more: {}", reason(e));
        }
        var full = fillTo(settings.segmentBytes());
        file = null;
        filledBytes = 0;
        dueBytes = 0;
        return full;
    }

    /// Ends the preparation, so that nothing is written to the directory any more.
    void close() {
        try {
            endStep();
            if (file != null) {
                file.close();
                storage.delete(fileName());
            }
        } catch (ExecutionException | IOException e) {
            LOG.warn("the spare journal segment {} is left behind: {}", fileName(), reason(e));
        }
    }

    private void endStep() throws ExecutionException, IOException {
        var running = step;
        step = null;
        if (running != null) {
            try {
                running.get();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted while a journal segment was prepared", e);
            }
        }
    }

    private JournalStorage.File fillTo(long toBytes) throws IOException {
        var filling = file;
        if (filling == null) {
            FreeSpace.check(storage, settings);
            filling = storage.create(fileName());
            file = filling;
        }
        try {
            while (filledBytes < toBytes) {
                zeros.clear();
                zeros.limit((int) Math.min(zeros.capacity(), toBytes - filledBytes));
                filledBytes += WholeWrite.to(filling, zeros, filledBytes);
            }
            filling.force();
            return filling;
        } catch (IOException | RuntimeException e) {
            file = null;
            filledBytes = 0;
            filling.close();
            throw e;
        }
    }

    private static String reason(Exception e) {
        var cause = e.getCause();
        return String.valueOf(cause != null ? cause : e);
    }
}
