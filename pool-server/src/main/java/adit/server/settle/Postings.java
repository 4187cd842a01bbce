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
/// | credit | A:IMMATURE, A:IN_COINBASE | L:MINER_IMMATURE of each, I:POOL_FEE_IMMATURE, I:BLOCK_REWARD, L:UNATTRIBUTED |
/// | release | A:WALLET, L:MINER_IMMATURE of each, I:POOL_FEE_IMMATURE | A:IMMATURE, A:IN_COINBASE, L:MINER_AVAILABLE of each, I:POOL_FEE |
/// | loss | X:ORPHAN_LOSS, A:IN_COINBASE | A:WALLET, A:IN_COINBASE |
/// | accrual | X:SHARE_COST or X:OUR_LATENESS | L:MINER_AVAILABLE, I:POOL_FEE |
///
/// What a block's own coinbase pays is no coin of the pool's: until the block is mature `A:IN_COINBASE` stands against
/// what is credited, then it has paid exactly that, and only the rest becomes available. A loss after that is the
/// payee's own; its lines say so and cancel out.
final class Postings {
    private Postings() {}

    static Posting credit(FrozenDistribution distribution, Instant at) {
        var posting =
                Posting.of(distribution.key(), "BLOCK_CREDIT", at)
                        .debit(of(LedgerCode.IMMATURE), heldMsat(distribution))
                        .debit(of(LedgerCode.IN_COINBASE), distribution.totalDirectMsat());
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
                        .debit(of(LedgerCode.WALLET), heldMsat(distribution))
                        .credit(of(LedgerCode.IMMATURE), heldMsat(distribution))
                        .credit(of(LedgerCode.IN_COINBASE), distribution.totalDirectMsat());
        distribution
                .creditsMsat()
                .forEach((account, msat) ->
                        posting.debit(LedgerAccount.of(LedgerCode.MINER_IMMATURE, account), msat)
                                .credit(
                                        LedgerAccount.of(LedgerCode.MINER_AVAILABLE, account),
                                        msat
                                                - distribution
                                                        .directMsat()
                                                        .getOrDefault(account, 0L)));
        return posting.debit(of(LedgerCode.POOL_FEE_IMMATURE), distribution.feeMsat())
                .credit(of(LedgerCode.POOL_FEE), distribution.feeMsat())
                .build();
    }

    static Posting loss(String key, FrozenDistribution distribution, Instant at) {
        return Posting.of(key, "ORPHAN_LOSS", at)
                .debit(of(LedgerCode.ORPHAN_LOSS), heldMsat(distribution))
                .credit(of(LedgerCode.WALLET), heldMsat(distribution))
                .debit(of(LedgerCode.IN_COINBASE), distribution.totalDirectMsat())
                .credit(of(LedgerCode.IN_COINBASE), distribution.totalDirectMsat())
                .build();
    }

    static Posting accrual(
            String key,
            LedgerCode expense,
            long account,
            long creditMsat,
            long feeMsat,
            Instant at) {
        return Posting.of(key, "ACCRUAL", at)
                .debit(of(expense), Math.addExact(creditMsat, feeMsat))
                .credit(LedgerAccount.of(LedgerCode.MINER_AVAILABLE, account), creditMsat)
                .credit(of(LedgerCode.POOL_FEE), feeMsat)
                .build();
    }

    /// The part of the reward that comes to the pool's own output.
    private static long heldMsat(FrozenDistribution distribution) {
        return distribution.rewardMsat() - distribution.totalDirectMsat();
    }

    private static LedgerAccount of(LedgerCode code) {
        return LedgerAccount.of(code);
    }
}
