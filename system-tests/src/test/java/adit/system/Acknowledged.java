package adit.system;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

import adit.miner.MinerEvents;
import adit.miner.Submission;
import adit.pow.Hash;

/// The independent memory of what the pool has promised: the header hash of every share it said true to.
final class Acknowledged implements MinerEvents {

    private final Set<Hash> hashes = ConcurrentHashMap.newKeySet();
    private final AtomicLong twice = new AtomicLong();

    @Override
    public void accepted(Submission submission) {
        if (!hashes.add(submission.hash())) {
            twice.incrementAndGet();
        }
    }

    Set<Hash> hashes() {
        return hashes;
    }

    /// Shares acknowledged more than once.
    long twice() {
        return twice.get();
    }
}
