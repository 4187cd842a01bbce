package adit.server.channel;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

import adit.ledger.journal.JournalRecord;
import adit.ledger.journal.ShareJournal;
import adit.pow.Difficulty;
import adit.pow.Job;
import adit.server.channel.FoundBlocks.FoundBlock;
import adit.server.job.SampleJobs;
import adit.server.metrics.PoolMetrics;

/// Channels on one loop with a real journal, a clock that stands still, and somebody who takes blocks.
final class ChannelRig implements AutoCloseable {

    /// Nearly every hash meets one unit.
    static final long ANY = 1;

    /// No hash a test will see meets this.
    static final long NEVER = Difficulty.MAX_UNITS;

    static final ChannelSettings OPEN =
            new ChannelSettings(ANY, 1, Difficulty.MAX_UNITS, false, 15, false, 0);

    final List<FoundBlock> blocks = new ArrayList<>();

    /// When the blocks that are found now are safe.
    CompletableFuture<Void> safe = CompletableFuture.completedFuture(null);

    final List<TakenBlock> taken = new ArrayList<>();

    final ManualLoop loop = new ManualLoop();
    final FaultyStorage storage;
    final ShareJournal journal;
    final ShareLoop shares;
    final int account;
    final int worker;
    long nanos;
    long epochSeconds = SampleJobs.NTIME + 16;
    private int channels;

    ChannelRig(Path directory) {
        this(directory, 1_000);
    }

    ChannelRig(Path directory, int maxWorkers) {
        storage = new FaultyStorage(directory);
        journal = Journaled.open(storage, maxWorkers);
        account = journal.accountRef("miner");
        worker = journal.workerRef(account, "rig", "PPLNS", 0);
        shares =
                new ShareLoop(
                        journal,
                        block -> {
                            blocks.add(block);
                            taken.add(new TakenBlock(safe));
                            return taken.getLast();
                        },
                        new PoolMetrics(new SimpleMeterRegistry()),
                        loop,
                        () -> nanos,
                        () -> epochSeconds);
    }

    MiningChannel channel(ChannelSettings settings) {
        channels++;
        return new MiningChannel(
                channels, new byte[] {(byte) 0xa1, 0, 0, (byte) channels}, shares, settings);
    }

    MiningChannel channel() {
        return channel(OPEN);
    }

    /// A submission on that job, right but for its nonce.
    Submission submission(SentJob sent) {
        var submission = new Submission();
        submission.wireJobId = sent.wireId();
        submission.rollableLength = 8;
        submission.ntime = sent.job().ntime();
        submission.accountRef = account;
        submission.workerRef = worker;
        submission.workerName = "miner.rig";
        return submission;
    }

    void passMillis(long millis) {
        nanos += millis * 1_000_000;
    }

    /// Brings everything recorded so far to disk.
    void settle() {
        loop.settle(journal);
    }

    List<JournalRecord.Share> shares() {
        settle();
        return Journaled.shares(journal);
    }

    List<JournalRecord.BlockFound> blockRecords() {
        settle();
        return Journaled.blocks(journal);
    }

    static Job job(long number) {
        return SampleJobs.job(number, SampleJobs.TIP_A, SampleJobs.HARD);
    }

    /// On which every other hash is a block.
    static Job easyBlock(long number) {
        return SampleJobs.job(number, SampleJobs.TIP_A, SampleJobs.EASY);
    }

    @Override
    public void close() {
        storage.goOn();
        journal.close();
    }
}
