package adit.server.channel;

import java.util.Arrays;

import org.jspecify.annotations.Nullable;

/// The jobs a channel may still hear of: up to 16 of this tip and 16 of the one before it.
///
/// Jobs of the previous tip are kept to tell a late share from an unknown one, and because a block found
/// on one may still win.
///
/// **Owner:** the channel's event loop. **Limits:** 32 entries; the oldest makes room.
final class JobTable {

    static final int PER_TIP = 16;

    private @Nullable SentJob[] active = new SentJob[PER_TIP];
    private @Nullable SentJob[] past = new SentJob[PER_TIP];
    private int sent;
    private @Nullable SentJob latest;

    void add(SentJob job) {
        active[sent++ % PER_TIP] = job;
        latest = job;
    }

    /// Everything active becomes stale; what was stale before is forgotten.
    void turnTip() {
        var forgotten = past;
        past = active;
        Arrays.fill(forgotten, null);
        active = forgotten;
    }

    @Nullable SentJob latest() {
        return latest;
    }

    @Nullable SentJob active(long wireId) {
        return find(active, wireId);
    }

    @Nullable SentJob past(long wireId) {
        return find(past, wireId);
    }

    private static @Nullable SentJob find(@Nullable SentJob[] jobs, long wireId) {
        for (var job : jobs) {
            if (job != null && job.wireId() == wireId) {
                return job;
            }
        }
        return null;
    }
}
