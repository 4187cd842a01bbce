package adit.server.net;

import java.util.concurrent.atomic.AtomicInteger;

/// How many connections there may be at once, over all listeners, and how many there are.
///
/// **Owner:** any thread. **Invariant:** never more than the cap have entered and not left.
public final class ConnectionCap {

    private final int most;
    private final AtomicInteger open = new AtomicInteger();

    public ConnectionCap(int most) {
        this.most = most;
    }

    /// Takes a place; false where there is none. Who has taken one gives it back once.
    boolean enter() {
        if (open.incrementAndGet() <= most) {
            return true;
        }
        open.decrementAndGet();
        return false;
    }

    void leave() {
        open.decrementAndGet();
    }

    public int open() {
        return open.get();
    }
}
