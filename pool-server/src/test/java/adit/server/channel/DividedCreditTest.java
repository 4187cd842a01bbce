package adit.server.channel;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;

import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import adit.ledger.journal.JournalRecord;
import adit.server.account.Account;
import adit.server.account.MinerName;
import adit.server.account.Payees;
import adit.server.account.Split;
import adit.server.account.Usernames;
import adit.server.job.SampleJobs;

import static org.assertj.core.api.Assertions.assertThat;

/// A split's shares go whole to one payee each, as their hashes say and nobody else.
@NullUnmarked // a test fails on null by itself
final class DividedCreditTest {

    private static final int HASHES = 20_000;
    private static final double FIRST_SHARE = 0.6;
    private static final double SIGMAS = 4;

    private final Payees payees = family();
    private final Search search = new Search();
    private ChannelRig rig;
    private DividedCredit divided;

    @BeforeEach
    void open(@TempDir Path directory) {
        rig = new ChannelRig(directory);
        int[] accounts = {rig.journal.accountRef("alice"), rig.journal.accountRef("bob")};
        int[] workers =
                Arrays.stream(accounts)
                        .map(account -> rig.journal.workerRef(account, "~family", "PPLNS", 0))
                        .toArray();
        divided = new DividedCredit(payees, accounts, workers);
    }

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void creditsEachShareToThePayeeItsHashChooses() {
        mine(_ -> true);

        var shares = rig.shares();
        assertThat(shares).hasSizeGreaterThan(HASHES * 99 / 100);
        for (var share : shares) {
            // All an auditor needs is in the journal.
            int chosen = payees.chosenBy(share.hashHalf());
            assertThat(share.accountRef()).isEqualTo(divided.accountRefs()[chosen]);
            assertThat(share.workerRef()).isEqualTo(divided.workerRefs()[chosen]);
        }
        assertThat(creditedTo(0, shares)).isBetween(least(), most());
    }

    @Test
    void givesNothingMoreToOnePayeeForWithholdingTheOthersShares() {
        mine(chosen -> chosen == 0);

        var shares = rig.shares();
        assertThat(shares).hasSize((int) creditedTo(0, shares));
        assertThat((long) shares.size()).isLessThanOrEqualTo(most());
    }

    @Test
    void givesABlockToThePayeeOfItsShare() {
        for (int payee = 0; payee < payees.count(); payee++) {
            var channel = rig.channel();
            var sent =
                    channel.send(
                            SampleJobs.job(payee + 1L, SampleJobs.TIP_A, SampleJobs.EASY), true);
            int wanted = payee;
            var submission = submission(sent);
            search.find(
                    channel,
                    sent,
                    submission,
                    hashed ->
                            hashed.meets(sent.job().networkTarget())
                                    && payees.chosenBy(hashed.headerHash()) == wanted);
            channel.submit(submission);

            var block = rig.blockRecords().getLast();
            assertThat(block.accountRef()).isEqualTo(divided.accountRefs()[payee]);
            assertThat(block.workerRef()).isEqualTo(divided.workerRefs()[payee]);
        }
    }

    /// Hashes so many headers and submits those whose payee is as wanted.
    private void mine(IntPredicate wanted) {
        var channel = rig.channel();
        var sent = channel.send(ChannelRig.job(1), true);
        var submission = submission(sent);
        for (int i = 0; i < HASHES; i++) {
            submission.nonce = i;
            var hashed = search.hash(channel, sent, submission);
            if (wanted.test(payees.chosenBy(hashed.headerHash()))) {
                channel.submit(submission);
            }
            if (i % 1_000 == 0) {
                rig.settle();
            }
        }
    }

    private Submission submission(SentJob sent) {
        var submission = rig.submission(sent);
        submission.divided = divided;
        return submission;
    }

    private long creditedTo(int payee, List<JournalRecord.Share> shares) {
        int ref = divided.accountRefs()[payee];
        return shares.stream().filter(share -> share.accountRef() == ref).count();
    }

    private static long most() {
        return Math.round(HASHES * FIRST_SHARE + tolerance());
    }

    private static long least() {
        return Math.round(HASHES * FIRST_SHARE - tolerance());
    }

    private static double tolerance() {
        return SIGMAS * StrictMath.sqrt(HASHES * FIRST_SHARE * (1 - FIRST_SHARE));
    }

    private static Payees family() {
        var split = new Split("family", List.of(payee("alice", 3), payee("bob", 2)), 0);
        var usernames = new Usernames("mainnet", true, List.of(split));
        return ((MinerName.Parsed.Valid) usernames.parse("~family")).name().payees();
    }

    private static Payees.Payee payee(String name, int parts) {
        return new Payees.Payee(Account.parse(name, "mainnet").orElseThrow(), parts);
    }
}
