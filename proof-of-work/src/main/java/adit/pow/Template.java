package adit.pow;

import java.util.List;

/// What a node offers to mine: the fields of the next header, what its coinbase may pay, and the
/// transactions.
///
/// **Invariant:** the coinbase value is at most subsidy and fees; without transactions it is the
/// subsidy alone.
public record Template(
        long id,
        int version,
        Hash previousHash,
        int height,
        int nBits,
        int minTime,
        int currentTime,
        long subsidySats,
        long coinbaseValueSats,
        TemplateBody body,
        String node) {

    public Template {
        if (height < 1) {
            throw new IllegalArgumentException("nothing is mined at height " + height);
        }
        if (subsidySats < 0 || subsidySats > CoinbaseOutput.MAX_SATS || coinbaseValueSats < 0) {
            throw new IllegalArgumentException("impossible subsidy or coinbase value");
        }
        if (coinbaseValueSats > Math.addExact(subsidySats, body.feesSats())) {
            throw new IllegalArgumentException(
                    "a coinbase value of %d sats is more than subsidy and fees"
                            .formatted(coinbaseValueSats));
        }
    }

    public Template(
            long id,
            int version,
            Hash previousHash,
            int height,
            int nBits,
            int minTime,
            int currentTime,
            long subsidySats,
            long coinbaseValueSats,
            List<TemplateTransaction> transactions,
            String node) {
        this(
                id,
                version,
                previousHash,
                height,
                nBits,
                minTime,
                currentTime,
                subsidySats,
                coinbaseValueSats,
                TemplateBody.of(transactions),
                node);
    }

    public List<TemplateTransaction> transactions() {
        return body.transactions();
    }

    /// The path from a coinbase to the merkle root.
    public MerkleBranch branch() {
        return body.branch();
    }

    /// What a coinbase must commit to, for a reserved value of zeros.
    public Hash witnessCommitment() {
        return body.witnessCommitment();
    }

    /// Whether there are no transactions, as on the first job of a new tip.
    public boolean isEmpty() {
        return body.transactions().isEmpty();
    }
}
