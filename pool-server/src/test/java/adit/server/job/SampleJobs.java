package adit.server.job;

import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;

import adit.pow.Coinbase;
import adit.pow.CoinbaseOutput;
import adit.pow.Hash;
import adit.pow.Job;
import adit.pow.Template;
import adit.pow.TemplateTransaction;

import static java.nio.charset.StandardCharsets.US_ASCII;

/// Jobs as [JobMaker] makes them, the same ones in every run, and a way to put them on a board.
public final class SampleJobs {

    public static final int MASK = 0x1fffe000;
    public static final int NTIME = 0x68a5c000;
    public static final int HEIGHT = 910_000;

    /// Out of reach, as on the real network.
    public static final int HARD = 0x17034219;

    /// Every other hash is a block.
    public static final int EASY = 0x207fffff;

    /// Difficulty one.
    public static final int ONE = 0x1d00ffff;

    public static final Hash TIP_A = Hash.ofContent("tip A".getBytes(US_ASCII));
    public static final Hash TIP_B = Hash.ofContent("tip B".getBytes(US_ASCII));
    public static final Hash TIP_C = Hash.ofContent("tip C".getBytes(US_ASCII));

    static final long SUBSIDY_SATS = 312_500_000;
    private static final long FEE_SATS = 1_500;
    static final byte[] PAYOUT_SCRIPT =
            HexFormat.of().parseHex("0014751e76e8199196d454941c45d1b3a323f1433bd6");

    private SampleJobs() {}

    public static Job job(long number, Hash tip, int nBits) {
        return job(number, tip, nBits, NTIME);
    }

    public static Job job(long number, Hash tip, int nBits, int ntime) {
        return job(number, tip, nBits, ntime, "/adit/", List.of(transaction(1), transaction(2)));
    }

    /// A job with so many transactions, and the longest tag.
    public static Job largest(long number, int transactions) {
        var all = IntStream.range(0, transactions).mapToObj(SampleJobs::transaction).toList();
        return job(number, TIP_A, HARD, NTIME, "t".repeat(Coinbase.MAX_TAG_BYTES), all);
    }

    private static Job job(
            long number,
            Hash tip,
            int nBits,
            int ntime,
            String tag,
            List<TemplateTransaction> transactions) {
        var template =
                new Template(
                        number,
                        0x20000000,
                        tip,
                        HEIGHT,
                        nBits,
                        ntime - 600,
                        ntime,
                        SUBSIDY_SATS,
                        SUBSIDY_SATS + transactions.size() * FEE_SATS,
                        transactions,
                        "sample");
        var coinbase =
                Coinbase.of(
                        template.height(),
                        number,
                        JobMaker.EXTRANONCE_BYTES,
                        tag.getBytes(US_ASCII),
                        List.of(new CoinbaseOutput(PAYOUT_SCRIPT, template.coinbaseValueSats())),
                        template.witnessCommitment());
        return new Job(number, template, coinbase, MASK);
    }

    /// Puts a job up, of which the pool has known since some moment.
    public static void publish(JobBoard board, Job job, long knownNanos) {
        board.publish(job, knownNanos);
    }

    /// Puts a job up in the place of one that its node refused.
    public static void replace(JobBoard board, Job job, long knownNanos) {
        board.replace(job, knownNanos);
    }

    public static void withdraw(JobBoard board) {
        board.withdraw();
    }

    private static TemplateTransaction transaction(int number) {
        var data = ("transaction " + number).getBytes(US_ASCII);
        return new TemplateTransaction(
                data, Hash.ofContent(data), Hash.ofContent(data), FEE_SATS, 4L * data.length, 4);
    }
}
