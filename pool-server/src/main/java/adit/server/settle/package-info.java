/// Shares become money: work in PostgreSQL is shared out as credits, and the books follow the chain.
///
/// One thread, `settler`, on whichever server leads. Imports `adit.payout`, `adit.ledger.postgres`, `config` and
/// `metrics`; knows no node and no share path. [Settler] is the loop, [BlockSettlement] the life of one block in the
/// books, [RewardShares] who earns a block, [PpsIntervals] pay per share. `docs/internals/settlement.md` says why.
@NullMarked
package adit.server.settle;

import org.jspecify.annotations.NullMarked;
