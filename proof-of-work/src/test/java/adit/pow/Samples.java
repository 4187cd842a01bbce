package adit.pow;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// Templates, coinbases and jobs to try things on, the same ones in every run.
final class Samples {
    static final int MASK = 0x1fffe000;
    static final int HEIGHT = 840_000;
    static final int NBITS = 0x207fffff;
    static final long SUBSIDY_SATS = 312_500_000;
    static final long FEE_SATS = 1_000;
    static final int EXTRANONCE_BYTES = 12;

    private Samples() {}

    static Template template(int transactions) {
        return template(transactions, 0x20000000);
    }

    static Template template(int transactions, int version) {
        return template(transactions, version, 0x6623a000, 0x6623a0b4);
    }

    static Template times(int minTime, int currentTime) {
        return template(0, 0x20000000, minTime, currentTime);
    }

    private static Template template(int transactions, int version, int minTime, int currentTime) {
        return new Template(
                7,
                version,
                Hash.ofContent(new byte[] {1}),
                HEIGHT,
                NBITS,
                minTime,
                currentTime,
                SUBSIDY_SATS,
                SUBSIDY_SATS + transactions * FEE_SATS,
                transactions(transactions),
                "sample");
    }

    static List<TemplateTransaction> transactions(int count) {
        var random = new Random(count);
        var transactions = new ArrayList<TemplateTransaction>(count);
        for (int i = 0; i < count; i++) {
            var data = new byte[60 + random.nextInt(200)];
            random.nextBytes(data);
            var txid = new byte[32];
            random.nextBytes(txid);
            transactions.add(
                    new TemplateTransaction(
                            data,
                            Hash.of(txid),
                            Hash.ofContent(data),
                            FEE_SATS,
                            4L * data.length,
                            4));
        }
        return transactions;
    }

    static Coinbase coinbase(Template template) {
        return Coinbase.of(
                template.height(),
                0x0102030405060708L,
                EXTRANONCE_BYTES,
                "/adit/".getBytes(StandardCharsets.US_ASCII),
                outputs(template.coinbaseValueSats()),
                template.witnessCommitment());
    }

    static List<CoinbaseOutput> outputs(long totalSats) {
        return List.of(
                new CoinbaseOutput(Vectors.bytes("0014" + "ab".repeat(20)), totalSats - 1_000_000),
                new CoinbaseOutput(Vectors.bytes("0020" + "cd".repeat(32)), 1_000_000));
    }

    static Job job(Template template) {
        return new Job(1, template, coinbase(template), MASK);
    }

    static byte[] extranonce(int length) {
        var extranonce = new byte[length];
        for (int i = 0; i < length; i++) {
            extranonce[i] = (byte) (0xa0 + i);
        }
        return extranonce;
    }
}
