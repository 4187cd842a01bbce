package adit.ledger.postgres;

import java.time.Instant;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;

import adit.ledger.journal.ShareClass;

/// A journal full of everything that can be in one, from a seed: several accounts, workers under several terms, jobs
/// across a retarget and a halving, all classes of shares, blocks, more than one epoch, midnight within.
final class SeededShares {
    private static final String[] SCHEMES = {"PPLNS", "PPS", "SOLO"};
    private static final int[] NBITS = {0x1703_4219, 0x1702_0f77, 0x207f_ffff};
    private static final long[] SUBSIDIES = {312_500_000, 156_250_000};

    private final Random random;
    private final FakeShareSource source;
    private final Set<Long> coinbases = new HashSet<>();
    private int accounts;
    private int workers;
    private long jobs;

    SeededShares(int serverId, long seed) {
        this.random = new Random(seed);
        this.source = new FakeShareSource(serverId);
    }

    FakeShareSource source() {
        return source;
    }

    SeededShares epoch(Instant from, int shares) {
        source.at(from).beginEpoch();
        accounts = 0;
        workers = 0;
        jobs = 0;
        return more(shares);
    }

    SeededShares more(int shares) {
        for (int i = 0; i < shares; i++) {
            if (jobs == 0 || random.nextInt(40) == 0) {
                declare();
            }
            source.later(random.nextInt(3_000_000) * (long) random.nextInt(2));
            int worker = 1 + random.nextInt(workers);
            long job = jobs - random.nextInt((int) Math.min(jobs, 3));
            boolean paysFinder = random.nextInt(5) == 0;
            long on = paysFinder ? payingCoinbase(worker, job) : job;
            source.share(
                    accountOf(worker), worker, on, 1L << (30 + random.nextInt(4)), shareClass());
            if (random.nextInt(60) == 0) {
                source.block(
                        accountOf(worker),
                        worker,
                        on,
                        nBits(job),
                        subsidy(job),
                        paysFinder ? 1 + random.nextInt(5) : 0);
            }
            if (random.nextInt(90) == 0) {
                source.tip();
            }
        }
        return this;
    }

    private void declare() {
        accounts++;
        // Another epoch has other numbers for the same names.
        source.account(accounts, "account-" + (accounts * 7 + source.epochs().size()) % 5);
        for (int i = 0; i < 3; i++) {
            workers++;
            source.worker(
                    workers,
                    accounts,
                    "rig" + i,
                    SCHEMES[random.nextInt(SCHEMES.length)],
                    100 * random.nextInt(2));
        }
        jobs++;
        source.job(jobs, nBits(jobs), subsidy(jobs));
        if (random.nextBoolean()) {
            // As at the beginning of a segment.
            source.job(jobs, nBits(jobs), subsidy(jobs));
        }
    }

    /// A coinbase that pays a worker's account, declared before its first use and sometimes again.
    private long payingCoinbase(int worker, long job) {
        long ref = (long) accountOf(worker) << 32 | job;
        if (coinbases.add((long) source.epochs().size() << 48 | ref) || random.nextBoolean()) {
            source.coinbase(ref, job);
        }
        return ref;
    }

    private static int accountOf(int worker) {
        return (worker + 2) / 3;
    }

    private static int nBits(long job) {
        return NBITS[(int) (job % NBITS.length)];
    }

    private static long subsidy(long job) {
        return SUBSIDIES[(int) (job / 2 % SUBSIDIES.length)];
    }

    private ShareClass shareClass() {
        return switch (random.nextInt(10)) {
            case 0 -> ShareClass.STALE;
            case 1 -> ShareClass.GRACE;
            case 2 -> ShareClass.OURS;
            default -> ShareClass.ACCEPTED;
        };
    }
}
