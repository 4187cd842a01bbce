package adit.system;

import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;

import adit.miner.MinerEvents;
import adit.miner.Submission;

/// The independent memory of what the pool has promised: the header hash of every share it said true to.
final class Acknowledged implements MinerEvents {

    private final Set<HashHalf> shares = ConcurrentHashMap.newKeySet();
    private final AtomicLong twice = new AtomicLong();
    private final AtomicInteger ends = new AtomicInteger();
    private final Queue<String> sessions = new ConcurrentLinkedQueue<>();
    private volatile Runnable atCount = () -> {};
    private volatile int count;

    @Override
    public void accepted(Submission submission) {
        if (!shares.add(HashHalf.of(submission.hash()))) {
            twice.incrementAndGet();
        }
        if (shares.size() == count) {
            atCount.run();
        }
    }

    @Override
    public void connected(String sessionId) {
        sessions.add(sessionId);
    }

    /// The session of each login, which names its extranonce prefix.
    Queue<String> sessions() {
        return sessions;
    }

    /// Does something the moment so many shares are acknowledged: nothing can be quicker.
    void onceThereAre(int shares, Runnable action) {
        atCount = action;
        count = shares;
    }

    /// Waits until this pool has acknowledged so many more.
    void awaitMore(int more, PoolProcess pool) throws Exception {
        await(count() + more, pool);
    }

    /// Waits until so many are acknowledged.
    void await(int wanted, PoolProcess pool) throws Exception {
        Await.until(() -> count() >= wanted, () -> "shares are acknowledged\n" + pool.log());
    }

    /// Waits until all that are acknowledged by now are in the database.
    void awaitStored(DataSource database, PoolProcess pool) throws Exception {
        int wanted = count();
        Await.until(
                () -> Databases.shareCount(database) >= wanted,
                () -> "all shares reach PostgreSQL\n" + pool.log());
    }

    @Override
    public void disconnected(String why) {
        ends.incrementAndGet();
    }

    Set<HashHalf> shares() {
        return shares;
    }

    int count() {
        return shares.size();
    }

    /// Shares acknowledged more than once.
    long twice() {
        return twice.get();
    }

    /// How often a connection ended or could not be made.
    int ends() {
        return ends.get();
    }
}
