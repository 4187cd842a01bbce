package adit.server.net;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;

import adit.server.config.Limits;

/// The connections of one event loop that have not said yet what they are.
///
/// So many may shake hands for TLS at once; the others wait, within their time, because a miner that is sent
/// away comes back later than one that waits.
///
/// **Owner:** its event loop. **Limits:** [Limits#TLS_HANDSHAKES].
final class Doorstep {

    private final LongSupplier nanoClock;
    private final Set<Door<?>> doors = new LinkedHashSet<>();
    private final Set<Door<?>> shaking = new LinkedHashSet<>();
    private final LinkedHashSet<Door<?>> queue = new LinkedHashSet<>();

    Doorstep(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
    }

    long nanoTime() {
        return nanoClock.getAsLong();
    }

    void add(Door<?> door) {
        doors.add(door);
    }

    /// It has decided, or is gone.
    void remove(Door<?> door) {
        doors.remove(door);
        queue.remove(door);
        handshakeEnded(door);
    }

    /// Looks at deadlines.
    void tick() {
        long now = nanoTime();
        for (var door : List.copyOf(doors)) {
            door.tick(now);
        }
    }

    /// Lets it shake hands, now or when it is its turn.
    void queueForHandshake(Door<?> door) {
        queue.add(door);
        next();
    }

    void handshakeBegins(Door<?> door) {
        shaking.add(door);
    }

    void handshakeEnded(Door<?> door) {
        if (shaking.remove(door)) {
            next();
        }
    }

    private void next() {
        while (shaking.size() < Limits.TLS_HANDSHAKES && !queue.isEmpty()) {
            queue.removeFirst().shakeHands();
        }
    }
}
