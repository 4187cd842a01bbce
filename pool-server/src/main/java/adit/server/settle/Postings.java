package adit.server.settle;

import java.time.Instant;

import adit.ledger.postgres.FrozenDistribution;
import adit.ledger.postgres.LedgerAccount;
import adit.ledger.postgres.LedgerCode;
import adit.ledger.postgres.Posting;

/// How the events of settlement look in the books.
///
/// | event | debit | credit |
/// |---|---|---|
/// | credit | A:IMMATURE | L:MINER_IMMATURE of each, I:POOL_FEE_IMMATURE, I:BLOCK_REWARD, L:UNATTRIBUTED |
/// | release | A:WALLET, L:MINER_IMMATURE of each, I:POOL_FEE_IMMATURE | A:IMMATURE, L:MINER_AVAILABLE of each, I:POOL_FEE |
/// | loss | X:ORPHAN_LOSS | A:WALLET |
/// | accrual | X:SHARE_COST | L:MINER_AVAILABLE, I:POOL_FEE |
final class Postings {
    private Postings() {}

    static Posting credit(FrozenDistribution distribution, Instant at) {
        var posting =
                Posting.of(distribution.key(), "BLOCK_CREDIT", at)
                        .debit(of(LedgerCode.IMMATURE), distribution.rewardMsat());
        distribution
                .creditsMsat()
                .forEach((account, msat) ->
                        posting.credit(LedgerAccount.of(LedgerCode.MINER_IMMATURE, account), msat));
        return posting.credit(of(LedgerCode.POOL_FEE_IMMATURE), distribution.feeMsat())
                .credit(of(LedgerCode.BLOCK_REWARD), distribution.operatorMsat())
                .credit(of(LedgerCode.UNATTRIBUTED), distribution.unattributedMsat())
                .build();
    }

    static Posting release(String key, FrozenDistribution distribution, Instant at) {
        var posting =
                Posting.of(key, "MATURE", at)
                        .debit(of(LedgerCode.WALLET), distribution.rewardMsat())
                        .credit(of(LedgerCode.IMMATURE), distribution.rewardMsat());
        distribution
                .creditsMsat()
                .forEach((account, msat) ->
                        posting.debit(LedgerAccount.of(LedgerCode.MINER_IMMATURE, account), msat)
                                .credit(
                                        LedgerAccount.of(LedgerCode.MINER_AVAILABLE, account),
                                        msat));
        return posting.debit(of(LedgerCode.POOL_FEE_IMMATURE), distribution.feeMsat())
                .credit(of(LedgerCode.POOL_FEE), distribution.feeMsat())
                .build();
    }

    static Posting loss(String key, FrozenDistribution distribution, Instant at) {
        return Posting.of(key, "ORPHAN_LOSS", at)
                .debit(of(LedgerCode.ORPHAN_LOSS), distribution.rewardMsat())
                .credit(of(LedgerCode.WALLET), distribution.rewardMsat())
                .build();
    }

    static Posting accrual(String key, long account, long creditMsat, long feeMsat, Instant at) {
        return Posting.of(key, "ACCRUAL", at)
                .debit(of(LedgerCode.SHARE_COST), Math.addExact(creditMsat, feeMsat))
                .credit(LedgerAccount.of(LedgerCode.MINER_AVAILABLE, account), creditMsat)
                .credit(of(LedgerCode.POOL_FEE), feeMsat)
                .build();
    }

    private static LedgerAccount of(LedgerCode code) {
        return LedgerAccount.of(code);
    }
}
