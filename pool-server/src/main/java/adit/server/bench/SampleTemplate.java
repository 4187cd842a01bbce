package adit.server.bench;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

import adit.node.ChainParameters;
import adit.pow.Hash;
import adit.pow.TemplateBody;
import adit.pow.TemplateTransaction;

import static java.nio.charset.StandardCharsets.US_ASCII;

/// A `getblocktemplate` result of mainnet's size: 3,000 transactions, 12 levels of merkle branch, about three
/// megabytes of hex, in Bitcoin Core's order of members.
///
/// The transactions are random bytes, which a pool never looks into; ids, fees and the witness commitment fit
/// one another. All but a few numbers is the same for every tip, so it is made once.
final class SampleTemplate {

    static final String BITS = "17034219";

    private static final int TRANSACTIONS = 3_000;
    private static final int TRANSACTION_BYTES = 500;
    private static final int WEIGHT = 1_300;
    private static final int FEE_SATS = 2_500;
    private static final long SEED = 3_000;
    private static final String COMMITMENT_SCRIPT = "6a24aa21a9ed";

    private final byte[] transactions;
    private final String witnessCommitment;

    SampleTemplate() {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(SEED);
        var made = new ArrayList<TemplateTransaction>();
        var json = new StringBuilder(TRANSACTIONS * (2 * TRANSACTION_BYTES + 250)).append('[');
        for (int i = 0; i < TRANSACTIONS; i++) {
            var data = new byte[TRANSACTION_BYTES];
            random.nextBytes(data);
            var txid = Hash.ofContent(data);
            var wtxid = Hash.ofContent(txid.bytes());
            made.add(new TemplateTransaction(data, txid, wtxid, FEE_SATS, WEIGHT, 4));
            json.append(i == 0 ? "" : ",")
                    .append("{\"data\":\"")
                    .append(HexFormat.of().formatHex(data))
                    .append("\",\"txid\":\"")
                    .append(txid.displayHex())
                    .append("\",\"hash\":\"")
                    .append(wtxid.displayHex())
                    .append("\",\"depends\":[],\"fee\":" + FEE_SATS + ",\"sigops\":4,\"weight\":")
                    .append(WEIGHT)
                    .append('}');
        }
        transactions = json.append(']').toString().getBytes(US_ASCII);
        witnessCommitment =
                COMMITMENT_SCRIPT
                        + HexFormat.of()
                                .formatHex(TemplateBody.of(made).witnessCommitment().bytes());
    }

    /// The JSON-RPC answer that offers work on this tip.
    ///
    /// @param height of the block to be mined
    byte[][] answer(Hash tip, int height, long nowSeconds) {
        long value = ChainParameters.regtest().subsidySats(height) + (long) TRANSACTIONS * FEE_SATS;
        var before =
                "{\"result\":{\"capabilities\":[\"proposal\"],\"version\":536870912,\"rules\":[\"csv\",\"!segwit\",\"taproot\"],\"vbavailable\":{},\"vbrequired\":0,\"previousblockhash\":\""
                        + tip.displayHex()
                        + "\",\"transactions\":";
        var behind =
                ",\"coinbaseaux\":{},\"coinbasevalue\":%d,\"longpollid\":\"%s\",\"mintime\":%d,\"mutable\":[\"time\",\"transactions\",\"prevblock\"],\"noncerange\":\"00000000ffffffff\",\"sigoplimit\":80000,\"sizelimit\":4000000,\"weightlimit\":4000000,\"curtime\":%d,\"bits\":\"%s\",\"height\":%d,\"default_witness_commitment\":\"%s\"},\"error\":null,\"id\":\"adit\"}"
                        .formatted(
                                value,
                                longPollId(tip),
                                nowSeconds - 600,
                                nowSeconds,
                                BITS,
                                height,
                                witnessCommitment);
        return new byte[][] {before.getBytes(US_ASCII), transactions, behind.getBytes(US_ASCII)};
    }

    static String longPollId(Hash tip) {
        return tip.displayHex() + "1";
    }
}
