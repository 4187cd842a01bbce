package adit.server.channel;

import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;

import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import adit.ledger.journal.JournalTool;
import adit.pow.BlockHeader;
import adit.pow.CoinbaseOutput;
import adit.pow.Job;
import adit.pow.Target;
import adit.server.job.SampleJobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/// A header below the network target is a block, whatever else is said of the submission that brought it.
@NullUnmarked // a test fails on null by itself
final class BlocksTest {

    private final Search search = new Search();
    private ChannelRig rig;

    @BeforeEach
    void open(@TempDir Path directory) {
        rig = new ChannelRig(directory);
    }

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void seesABlockInAnAcceptedShareAndRecordsItBehindTheShare() {
        var channel = rig.channel();
        var sent = channel.send(ChannelRig.easyBlock(1), true);
        var submission = block(channel, sent);

        assertThat(channel.submit(submission)).isEqualTo(Verdict.ACCEPTED);

        rig.settle();
        assertThat(Journaled.records(rig.journal))
                .extracting(record -> record.getClass().getSimpleName())
                .endsWith("Share", "BlockFound");
        var found = rig.blocks.getFirst();
        assertThat(found.worker()).isEqualTo("miner.rig");
        assertThat(BlockHeader.read(found.serialized(), 0).hash()).isEqualTo(found.hash());
        var record = rig.blockRecords().getFirst();
        assertThat(record.hash()).isEqualTo(found.hash().bytes());
        assertThat(record.rewardSats()).isEqualTo(sent.job().rewardSats());
        assertThat(record.height()).isEqualTo(SampleJobs.HEIGHT);
    }

    @Test
    void recordsWhatABlocksOwnCoinbasePaysItsFinder() {
        var channel = rig.channel();
        var job = paying(ChannelRig.easyBlock(1));
        var submission = block(channel, channel.send(job, true));

        assertThat(channel.submit(submission)).isEqualTo(Verdict.ACCEPTED);

        rig.settle();
        var records = Journaled.records(rig.journal);
        assertThat(records)
                .extracting(record -> record.getClass().getSimpleName())
                .containsSubsequence("Job", "Coinbase", "Share", "BlockFound");
        var block = rig.blockRecords().getFirst();
        assertThat(block.directSats()).isEqualTo(job.payeeSats());
        assertThat(block.jobRef()).isEqualTo(job.reference());
        assertThat(rig.shares().getFirst().jobRef()).isEqualTo(job.reference());
        assertThat(new JournalTool(rig.storage).verify(new ShareAudit()).damage()).isEmpty();
        var serialized = HexFormat.of().formatHex(rig.blocks.getFirst().serialized());
        assertThat(serialized)
                .contains("160014" + "22".repeat(20))
                .contains("160014" + "33".repeat(20));
    }

    @Test
    void neverBooksABlockThatPaysSomebodyElse() {
        var channel = rig.channel();
        var outputs = outputs(ChannelRig.easyBlock(1));
        var sent =
                channel.send(
                        ChannelRig.easyBlock(1)
                                .paying(rig.account + 1, outputs.getFirst().sats(), outputs),
                        true);
        var submission = block(channel, sent);

        assertThatIllegalStateException().isThrownBy(() -> channel.submit(submission));
        assertThat(rig.blocks).as("it goes to the nodes all the same").hasSize(1);
    }

    private Job paying(Job job) {
        var outputs = outputs(job);
        return job.paying(rig.account, outputs.getFirst().sats(), outputs);
    }

    private static List<CoinbaseOutput> outputs(Job job) {
        return List.of(
                new CoinbaseOutput(
                        HexFormat.of().parseHex("0014" + "22".repeat(20)),
                        job.rewardSats() - 5_000),
                new CoinbaseOutput(HexFormat.of().parseHex("0014" + "33".repeat(20)), 5_000));
    }

    @Test
    void serialisesTheBlockTheMinerHashed() {
        var channel = rig.channel();
        channel.send(ChannelRig.easyBlock(1), true);
        var sent = channel.send(ChannelRig.easyBlock(1), false);
        var submission = rig.submission(sent);
        submission.versionBits = 0x1fff_e000;
        submission.rollable[3] = 7;
        submission.ntime += 30;
        search.find(channel, sent, submission, sent.job().networkTarget());
        channel.submit(submission);

        var hashed = search.hash(channel, sent, submission);
        var bytes = rig.blocks.getFirst().serialized();
        assertThat(HexFormat.of().formatHex(bytes, 0, 80))
                .isEqualTo(HexFormat.of().formatHex(hashed.header()));
    }

    @Test
    void seesABlockBelowTheShareDifficulty() {
        var channel = rig.channel();
        channel.fix(ChannelRig.NEVER);
        var sent = channel.send(ChannelRig.easyBlock(1), true);

        assertThat(channel.submit(block(channel, sent))).isEqualTo(Verdict.LOW_DIFFICULTY);

        assertThat(rig.blocks).hasSize(1);
        assertThat(rig.blockRecords()).hasSize(1);
        assertThat(rig.shares()).isEmpty();
    }

    @Test
    void seesABlockOnTheTipThatWasReplaced() {
        var channel = rig.channel();
        var sent = channel.send(ChannelRig.easyBlock(1), true);
        channel.send(SampleJobs.job(2, SampleJobs.TIP_B, SampleJobs.HARD), true);

        assertThat(channel.submit(block(channel, sent))).isEqualTo(Verdict.STALE);

        assertThat(rig.blocks).hasSize(1);
        assertThat(rig.blockRecords()).hasSize(1);
    }

    @Test
    void seesABlockWithATimeOutOfRange() {
        var channel = rig.channel();
        var sent = channel.send(ChannelRig.easyBlock(1), true);
        var submission = rig.submission(sent);
        submission.ntime -= 1;
        search.find(channel, sent, submission, sent.job().networkTarget());

        assertThat(channel.submit(submission)).isEqualTo(Verdict.NTIME_OUT_OF_RANGE);

        assertThat(rig.blocks).hasSize(1);
        assertThat(rig.blockRecords()).hasSize(1);
    }

    @Test
    void takesABlockOnceHoweverOftenItComes() {
        var channel = rig.channel();
        var sent = channel.send(ChannelRig.easyBlock(1), true);
        var submission = block(channel, sent);
        channel.submit(submission);

        assertThat(channel.submit(submission)).isEqualTo(Verdict.DUPLICATE);
        assertThat(channel.submit(submission)).isEqualTo(Verdict.DUPLICATE);

        assertThat(rig.blocks).hasSize(1);
        assertThat(rig.blockRecords()).hasSize(1);
        assertThat(rig.shares()).hasSize(1);
    }

    @Test
    void recordsARefusedBlockWithoutWaitingForAnotherShare() {
        var channel = rig.channel();
        channel.fix(ChannelRig.NEVER);
        var sent = channel.send(ChannelRig.easyBlock(1), true);
        channel.submit(block(channel, sent));

        rig.loop.runUntil(() -> rig.journal.durableSequence() > 1);

        assertThat(Journaled.blocks(rig.journal)).hasSize(1);
    }

    @Test
    void tellsWhenTheRecordOfABlockIsInTheJournal() {
        var channel = rig.channel();
        var sent = channel.send(ChannelRig.easyBlock(1), true);
        rig.storage.stall();
        channel.submit(block(channel, sent));
        rig.loop.runAll();
        assertThat(rig.taken.getFirst().isRecorded()).isFalse();

        rig.storage.goOn();
        rig.settle();

        assertThat(rig.taken.getFirst().isRecorded()).isTrue();
    }

    @Test
    void neverSaysThatTheJournalHasARecordThatItRefused() {
        var channel = rig.channel();
        var sent = channel.send(ChannelRig.easyBlock(1), true);
        rig.storage.breakDown();
        channel.submit(block(channel, sent));

        rig.settle();

        assertThat(rig.taken.getFirst().isRecorded()).isFalse();
    }

    @Test
    void missesNothingAtTheNetworkTargetItself() {
        var channel = rig.channel();
        var sent = channel.send(ChannelRig.easyBlock(1), true);
        var submission = rig.submission(sent);
        search.find(channel, sent, submission, hashed -> !hashed.meets(sent.job().networkTarget()));

        assertThat(channel.submit(submission)).isEqualTo(Verdict.ACCEPTED);

        assertThat(rig.blocks).isEmpty();
        assertThat(sent.job().networkTarget()).isEqualTo(Target.fromNBits(SampleJobs.EASY));
    }

    private Submission block(MiningChannel channel, SentJob sent) {
        var submission = rig.submission(sent);
        search.find(channel, sent, submission, sent.job().networkTarget());
        return submission;
    }
}
