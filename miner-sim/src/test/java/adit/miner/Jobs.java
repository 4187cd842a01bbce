package adit.miner;

import java.util.List;

import adit.pow.Coinbase;
import adit.pow.CoinbaseOutput;
import adit.pow.Hash;
import adit.pow.HeaderPlan;
import adit.pow.MerkleBranch;
import adit.pow.ShareCheck;
import adit.pow.Target;
import adit.stratum.v1.V1Notify;

/// Jobs to mine on, and the judge of what was mined.
final class Jobs {
    static final int NTIME = 0x6623_a0b4;
    static final int VERSION = 0x2000_0000;
    static final int N_BITS = 0x1d00_ffff;

    private static final int EXTRANONCE_BYTES = 12;

    private Jobs() {}

    static V1Notify job(long id, boolean clean) {
        return on(new byte[32], id, clean);
    }

    static V1Notify on(byte[] previousHash, long id, boolean clean) {
        var script = new byte[] {0x51};
        var coinbase =
                Coinbase.of(
                        840_000,
                        id,
                        EXTRANONCE_BYTES,
                        new byte[] {'a', 'd', 'i', 't'},
                        List.of(new CoinbaseOutput(script, 312_500_000L)),
                        Hash.ZERO);
        var sibling = Hash.ofContent(new byte[] {1}).bytes();
        var nextSibling = Hash.ofContent(new byte[] {2}).bytes();
        return new V1Notify(
                id,
                previousHash,
                coinbase.prefix(),
                coinbase.suffix(),
                List.of(sibling, nextSibling),
                VERSION,
                N_BITS,
                NTIME,
                clean);
    }

    /// Whether the submission, hashed as a pool would, meets a difficulty.
    static boolean meets(
            V1Notify job, byte[] prefix, FakePool.Submitted submitted, long difficultyUnits) {
        var extranonce = new byte[EXTRANONCE_BYTES];
        System.arraycopy(prefix, 0, extranonce, 0, prefix.length);
        System.arraycopy(
                submitted.extranonce(),
                0,
                extranonce,
                prefix.length,
                submitted.extranonce().length);
        var plan =
                new HeaderPlan(
                        Hash.of(job.previousHash()),
                        job.coinbasePrefix(),
                        EXTRANONCE_BYTES,
                        job.coinbaseSuffix(),
                        MerkleBranch.ofSiblings(job.branch().stream().map(Hash::of).toList()),
                        job.nBits());
        var check = new ShareCheck();
        check.hash(
                plan,
                extranonce,
                0,
                job.version() | submitted.versionBits(),
                submitted.ntime(),
                submitted.nonce());
        return check.meets(Target.ofDifficultyUnits(difficultyUnits));
    }
}
