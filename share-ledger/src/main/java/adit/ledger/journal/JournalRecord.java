package adit.ledger.journal;

import java.util.List;

/// One entry of the journal as a reader sees it.
///
/// References (`accountRef`, `workerRef`, `jobRef`) are local to one epoch of one server. Every segment
/// declares what its records refer to before they do, so ACCOUNT, WORKER, JOB and COINBASE come again in
/// each segment, always with the same content. Byte arrays are in wire order and are never mutated.
///
/// **Invariant:** sequences are dense from 1 within an epoch; times never decrease within it.
@SuppressWarnings("ArrayRecordComponent") // wire bytes, never mutated and never compared as records
public sealed interface JournalRecord {
    long sequence();

    long timeMicros();

    /// A judged submission; `hashHalf` is the first 16 bytes of the header hash.
    record Share(
            long sequence,
            long timeMicros,
            int accountRef,
            int workerRef,
            long jobRef,
            long difficultyUnits,
            int ntime,
            int nonce,
            int version,
            int latenessMillis,
            ShareClass shareClass,
            byte[] extranonce,
            byte[] hashHalf,
            long connection)
            implements JournalRecord {
        public Share {
            Field.that(extranonce.length <= RecordFormat.MAX_EXTRANONCE_BYTES, "extranonce");
            Field.that(hashHalf.length == RecordFormat.HASH_HALF_BYTES, "hash half");
        }
    }

    /// A payee: canonical payout address or account name.
    record Account(long sequence, long timeMicros, int accountRef, String name)
            implements JournalRecord {
        public Account {
            Field.name(name);
        }
    }

    /// A worker under its terms; other terms are another reference.
    record Worker(
            long sequence,
            long timeMicros,
            int workerRef,
            int accountRef,
            String name,
            String scheme,
            int feeBps)
            implements JournalRecord {
        public Worker {
            Field.name(name);
            Field.name(scheme);
        }
    }

    /// What a share's job reference can name.
    sealed interface JobRecord extends JournalRecord {
        long jobRef();
    }

    /// All that is needed, beside the share itself, to hash a share again.
    record Job(
            long sequence,
            long timeMicros,
            long jobRef,
            int height,
            byte[] previousHash,
            int nBits,
            int version,
            int versionMask,
            int ntime,
            long subsidySats,
            long rewardSats,
            byte[] coinbasePrefix,
            int extranonceBytes,
            byte[] coinbaseSuffix,
            List<byte[]> branch)
            implements JobRecord {
        public Job {
            branch = List.copyOf(branch);
            Field.hash(previousHash);
            branch.forEach(Field::hash);
            Field.that(branch.size() <= RecordFormat.MAX_BRANCH_LEVELS, "merkle branch");
            Field.that(
                    extranonceBytes >= 0 && extranonceBytes <= RecordFormat.MAX_EXTRANONCE_BYTES,
                    "extranonce bytes");
            Field.that(
                    (long) coinbasePrefix.length + coinbaseSuffix.length
                            <= RecordFormat.MAX_COINBASE_BYTES,
                    "coinbase");
        }

        /// The same work under another reference.
        Job as(long otherRef) {
            return as(0, 0, otherRef, coinbaseSuffix);
        }

        private Job as(long sequence, long timeMicros, long otherRef, byte[] suffix) {
            return new Job(
                    sequence,
                    timeMicros,
                    otherRef,
                    height,
                    previousHash,
                    nBits,
                    version,
                    versionMask,
                    ntime,
                    subsidySats,
                    rewardSats,
                    coinbasePrefix,
                    extranonceBytes,
                    suffix,
                    branch);
        }
    }

    /// Another coinbase of a job declared before it in the segment: a job of its own that differs in its
    /// outputs alone. Where coinbases pay miners themselves there is one for every payee.
    record Coinbase(
            long sequence, long timeMicros, long jobRef, long ofJobRef, byte[] coinbaseSuffix)
            implements JobRecord {
        public Coinbase {
            Field.that(coinbaseSuffix.length <= RecordFormat.MAX_COINBASE_BYTES, "coinbase suffix");
        }

        /// The whole job, given the one it differs from.
        public Job on(Job job) {
            Check.that(job.jobRef() == ofJobRef, "a coinbase belongs to its own job");
            return job.as(sequence, timeMicros, jobRef, coinbaseSuffix);
        }
    }

    /// A change of tip: `hash` is the block built on, height and nBits are the next block's.
    record Tip(long sequence, long timeMicros, byte[] hash, int height, int nBits)
            implements JournalRecord {
        public Tip {
            Field.hash(hash);
        }
    }

    /// A share that is also a block; payout windows end here. `directSats` is what the block's own coinbase
    /// pays its finder: 0 where everything goes to the pool.
    record BlockFound(
            long sequence,
            long timeMicros,
            byte[] hash,
            int height,
            long jobRef,
            int accountRef,
            int workerRef,
            long rewardSats,
            long subsidySats,
            int nBits,
            long directSats)
            implements JournalRecord {
        public BlockFound {
            Field.hash(hash);
            Field.that(directSats >= 0 && directSats <= rewardSats, "direct payment");
        }

        /// The same block under other references.
        BlockFound as(long otherJobRef, int otherAccountRef, int otherWorkerRef) {
            return new BlockFound(
                    0,
                    0,
                    hash,
                    height,
                    otherJobRef,
                    otherAccountRef,
                    otherWorkerRef,
                    rewardSats,
                    subsidySats,
                    nBits,
                    directSats);
        }
    }

    /// The first record of every epoch.
    record Epoch(long sequence, long timeMicros, int serverId, int epoch)
            implements JournalRecord {}

    /// The last record of a full segment, which began with `firstSequence`.
    record Seal(long sequence, long timeMicros, long firstSequence) implements JournalRecord {}

    /// The last record of an epoch that was ended on purpose.
    record CleanStop(long sequence, long timeMicros) implements JournalRecord {}
}
