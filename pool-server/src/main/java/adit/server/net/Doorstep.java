package adit.server.net;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;

/// The connections of one event loop that have not said yet what they are.
///
/// **Owner:** its event loop.
final class Doorstep {

    private final LongSupplier nanoClock;
    private final Set<Door<?>> waiting = new LinkedHashSet<>();

    Doorstep(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
    }

    long nanoTime() {
        return nanoClock.getAsLong();
    }

    void add(Door<?> door) {
        waiting.add(door);
    }

    void remove(Door<?> door) {
        waiting.remove(door);
    }

    /// Looks at deadlines.
    void tick() {
        long now = nanoTime();
        for (var door : List.copyOf(waiting)) {
            door.tick(now);
        }
    }
}
