package adit.ledger.journal;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.BooleanSupplier;

/// The names of one epoch and the small numbers that stand for them in its records.
///
/// Handing out a number writes nothing: the journal thread declares a reference in front of its first
/// use in each segment, so the file order is right whoever interned it, and a segment explains itself.
///
/// **Owner:** any thread interns; the map's bin locks are the only waiting, and nothing blocks in them.
/// **Limits:** [JournalSettings#maxAccounts], [JournalSettings#maxWorkers], of which one account may have
/// [#WORKERS_PER_ACCOUNT], so that it cannot use up the names of all others; kept until the epoch ends.
final class References {
    static final int FULL = -1;
    static final int WORKERS_PER_ACCOUNT = 100_000;

    private final Names<String, JournalRecord.Account> accounts;
    private final Names<Terms, JournalRecord.Worker> workers;
    private final AtomicIntegerArray workersOf;

    References(JournalSettings settings) {
        accounts = new Names<>(settings.maxAccounts());
        workers = new Names<>(settings.maxWorkers());
        workersOf = new AtomicIntegerArray(settings.maxAccounts() + 1);
    }

    int account(String name) {
        return accounts.intern(name, () -> true, ref -> new JournalRecord.Account(0, 0, ref, name));
    }

    int worker(int accountRef, String name, String scheme, int feeBps) {
        Check.that(accountRef > 0, "a worker belongs to an account");
        return workers.intern(
                new Terms(accountRef, name, scheme, feeBps),
                () -> hasRoomFor(accountRef),
                ref -> new JournalRecord.Worker(0, 0, ref, accountRef, name, scheme, feeBps));
    }

    /// The same worker paid by another scheme.
    int workerUnder(int workerRef, String scheme) {
        var worker = workers.of(workerRef);
        return worker(worker.accountRef(), worker.name(), scheme, worker.feeBps());
    }

    JournalRecord.Account account(int ref) {
        return accounts.of(ref);
    }

    JournalRecord.Worker worker(int ref) {
        return workers.of(ref);
    }

    private boolean hasRoomFor(int accountRef) {
        int before = workersOf.getAndUpdate(accountRef, n -> Math.min(n + 1, WORKERS_PER_ACCOUNT));
        return before < WORKERS_PER_ACCOUNT;
    }

    private record Terms(int accountRef, String name, String scheme, int feeBps) {}

    private interface Declaration<R> {
        R of(int ref);
    }

    private static final class Names<K, R> {
        private final ConcurrentHashMap<K, Integer> refs = new ConcurrentHashMap<>();
        private final ConcurrentHashMap<Integer, R> declarations = new ConcurrentHashMap<>();
        private final AtomicInteger count = new AtomicInteger();
        private final int limit;

        Names(int limit) {
            this.limit = limit;
        }

        /// @param hasRoom asked only for one not known yet
        int intern(K key, BooleanSupplier hasRoom, Declaration<R> declaration) {
            var known = refs.get(key);
            if (known != null) {
                return known;
            }
            var ref =
                    refs.computeIfAbsent(
                            key,
                            absent -> {
                                if (!hasRoom.getAsBoolean()) {
                                    return FULL;
                                }
                                int next = count.get();
                                while (next < limit && !count.compareAndSet(next, next + 1)) {
                                    next = count.get();
                                }
                                if (next >= limit) {
                                    return FULL;
                                }
                                declarations.put(next + 1, declaration.of(next + 1));
                                return next + 1;
                            });
            if (ref == FULL) {
                refs.remove(key, FULL);
            }
            return ref;
        }

        R of(int ref) {
            var declaration = declarations.get(ref);
            if (declaration == null) {
                throw new IllegalStateException("reference " + ref + " was never handed out");
            }
            return declaration;
        }
    }
}
