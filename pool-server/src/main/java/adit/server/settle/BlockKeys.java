package adit.server.settle;

import adit.ledger.postgres.FoundBlock;
import adit.payout.Pps;
import adit.payout.Scheme;
import adit.pow.Hash;

/// The names of everything that can happen to one block in the books: each is booked once, whoever tries.
record BlockKeys(String hash, String credit) {
    static BlockKeys of(FoundBlock block, Scheme scheme) {
        var hash = Hash.of(block.hash()).displayHex();
        // What the operator earns is not shared out, so no version of the sharing belongs in its
        // name.
        var credit =
                scheme instanceof Pps
                        ? "block:" + hash
                        : "credit:" + hash + ":" + block.scheme() + ":v" + Schemes.VERSION;
        return new BlockKeys(hash, credit);
    }

    String mature() {
        return "mature:" + hash;
    }

    /// The n-th time the block left the chain, from 1.
    String orphan(int n) {
        return "orphan:" + hash + ":" + n;
    }

    /// Its return from there.
    String unorphan(int n) {
        return "unorphan:" + hash + ":" + n;
    }
}
