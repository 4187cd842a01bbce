package adit.server.job;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

import adit.pow.Hash;

/// Which tip all miners have been told of, for those whose work can wait until then.
///
/// **Owner:** any thread. **Limits:** nobody waits longer than [#LONGEST_MILLIS].
final class ToldTip {

    /// About what it takes to tell 20,000 miners from one core.
    static final long LONGEST_MILLIS = 250;

    private record Telling(Hash tip, CountDownLatch left) {}

    private final AtomicReference<Telling> telling =
            new AtomicReference<>(new Telling(Hash.ZERO, new CountDownLatch(0)));

    /// So many are about to tell their miners of this tip.
    void begin(Hash tip, int tellers) {
        telling.updateAndGet(
                now -> now.tip().equals(tip) ? now : new Telling(tip, new CountDownLatch(tellers)));
    }

    /// One of them has.
    void told(Hash tip) {
        var now = telling.get();
        if (now.tip().equals(tip)) {
            now.left().countDown();
        }
    }

    boolean isTold(Hash tip) {
        var now = telling.get();
        return now.tip().equals(tip) && now.left().getCount() == 0;
    }

    /// Waits until all of them have; whoever comes before [#begin] waits as well.
    void await(Hash tip, int tellers) throws InterruptedException {
        begin(tip, tellers);
        var now = telling.get();
        if (now.tip().equals(tip)) {
            now.left().await(LONGEST_MILLIS, TimeUnit.MILLISECONDS);
        }
    }
}
