package adit.node;

import java.nio.charset.StandardCharsets;
import java.util.List;

import adit.pow.Coinbase;
import adit.pow.CoinbaseOutput;
import adit.pow.Hash;
import adit.pow.Job;
import adit.pow.ShareCheck;
import adit.pow.Template;

/// A block built from a template and ground until it meets, or misses, the target of a test network.
public record MinedBlock(byte[] bytes, Hash hash) {
    private static final int EXTRANONCE_BYTES = 8;
    private static final byte[] ANYONE_CAN_SPEND = {0x51};

    /// A valid block; `uniqueness` tells apart several of one template.
    public static MinedBlock of(Template template, long uniqueness) {
        return grind(template, uniqueness, true);
    }

    /// A block whose hash is above its target.
    public static MinedBlock withoutWork(Template template, long uniqueness) {
        return grind(template, uniqueness, false);
    }

    private static MinedBlock grind(Template template, long uniqueness, boolean meeting) {
        var coinbase =
                Coinbase.of(
                        template.height(),
                        uniqueness,
                        EXTRANONCE_BYTES,
                        "adit".getBytes(StandardCharsets.US_ASCII),
                        List.of(new CoinbaseOutput(ANYONE_CAN_SPEND, template.coinbaseValueSats())),
                        template.witnessCommitment());
        var job = new Job(uniqueness, template, coinbase, 0);
        var check = new ShareCheck();
        var extranonce = new byte[EXTRANONCE_BYTES];
        int nonce = 0;
        do {
            check.hash(job, extranonce, 0, job.version(), job.ntime(), nonce++);
        } while (check.meets(job.networkTarget()) != meeting);
        return new MinedBlock(
                job.block(extranonce, 0, job.ntime(), nonce - 1), Hash.of(check.headerHash()));
    }

    /// The same template with other numbers in it, as a node would never give it.
    public static Template changed(
            Template template, Hash previousHash, int height, long extraSats) {
        return new Template(
                template.id(),
                template.version(),
                previousHash,
                height,
                template.nBits(),
                template.minTime(),
                template.currentTime(),
                template.subsidySats() + extraSats,
                template.coinbaseValueSats() + extraSats,
                template.transactions(),
                template.node());
    }
}
