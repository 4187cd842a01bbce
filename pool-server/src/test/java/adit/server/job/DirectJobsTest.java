package adit.server.job;

import java.util.HexFormat;
import java.util.List;

import org.junit.jupiter.api.Test;

import adit.pow.Coinbase;
import adit.pow.CoinbaseOutput;
import adit.pow.Hash;
import adit.pow.Job;
import adit.pow.Template;
import adit.server.firmware.CoinbaseClass;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

class DirectJobsTest {
    private static final byte[] POOL = HexFormat.of().parseHex("5120" + "11".repeat(32));
    private static final byte[] ALICE = HexFormat.of().parseHex("5120" + "22".repeat(32));
    private static final int FEE_BPS = 150;

    private final DirectJobs direct = new DirectJobs(POOL, FEE_BPS);
    private final Finder alice = new Finder(3, ALICE);
    private final Job shared = SampleJobs.job(0x6f1, SampleJobs.TIP_A, SampleJobs.HARD);

    @Test
    void paysTheFinderAllButTheFeeInWholeSatoshi() {
        var job = direct.jobFor(shared, alice, CoinbaseClass.DEFAULT);

        // 1.5 % of 312,503,000 is 4,687,545 exactly.
        assertThat(job.payee()).isEqualTo(3);
        assertThat(job.payeeSats()).isEqualTo(312_503_000 - 4_687_545);
        assertThat(job.rewardSats()).isEqualTo(shared.rewardSats());
        assertThat(job.reference()).isEqualTo(3L << 32 | 0x6f1);
        assertThat(HexFormat.of().formatHex(job.coinbase().suffix()))
                .contains("225120" + "22".repeat(32))
                .contains("225120" + "11".repeat(32));
    }

    @Test
    void isOneObjectForAllChannelsOfAnAccount() {
        var job = direct.jobFor(shared, alice, CoinbaseClass.DEFAULT);

        assertThat(direct.jobFor(shared, new Finder(3, ALICE), CoinbaseClass.YUGE)).isSameAs(job);
        assertThat(direct.jobFor(shared, new Finder(4, POOL), CoinbaseClass.YUGE)).isNotSameAs(job);
        var next = SampleJobs.job(0x6f2, SampleJobs.TIP_A, SampleJobs.HARD);
        assertThat(direct.jobFor(next, alice, CoinbaseClass.DEFAULT).shared()).isSameAs(next);
    }

    @Test
    void givesAFirmwareWithoutRoomThePoolsOwnJob() {
        var tagged = withTag(Coinbase.MAX_TAG_BYTES);
        var job = direct.jobFor(tagged, alice, CoinbaseClass.DEFAULT);

        assertThat(job.coinbase().strippedBytes()).isGreaterThan(255);
        assertThat(direct.jobFor(tagged, alice, CoinbaseClass.TINY_SOC)).isSameAs(tagged);
        assertThat(direct.jobFor(withTag(20), alice, CoinbaseClass.TINY_SOC).payee()).isEqualTo(3);
    }

    @Test
    void takesNoFeeWhereItWouldBeDust() {
        var poor = job(20_000, new byte[0]);

        var job = direct.jobFor(poor, alice, CoinbaseClass.DEFAULT);

        assertThat(job.payeeSats()).isEqualTo(20_000);
        assertThat(HexFormat.of().formatHex(job.coinbase().suffix()))
                .doesNotContain("11".repeat(32));
    }

    private static Job withTag(int bytes) {
        return job(312_500_000, "x".repeat(bytes).getBytes(US_ASCII));
    }

    private static Job job(long valueSats, byte[] tag) {
        var template =
                new Template(
                        1,
                        0x20000000,
                        Hash.ZERO,
                        840_000,
                        SampleJobs.HARD,
                        1,
                        2,
                        valueSats,
                        valueSats,
                        List.of(),
                        "sample");
        var coinbase =
                Coinbase.of(
                        template.height(),
                        1,
                        JobMaker.EXTRANONCE_BYTES,
                        tag,
                        List.of(new CoinbaseOutput(POOL, valueSats)),
                        template.witnessCommitment());
        return new Job(1, template, coinbase, 0);
    }
}
