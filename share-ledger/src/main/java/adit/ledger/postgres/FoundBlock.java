package adit.ledger.postgres;

/// A block the pool found, as the database has it. `hash` is in wire order; `position` is where payout windows end;
/// `directSats` is what the block's own coinbase pays its finder.
@SuppressWarnings(
        "ArrayRecordComponent") // a hash in wire order, never mutated and never compared as a
// record
public record FoundBlock(
        long id,
        byte[] hash,
        int height,
        Position position,
        long accountId,
        String accountName,
        long workerId,
        String workerName,
        String scheme,
        int feeBps,
        long rewardSats,
        long subsidySats,
        int nBits,
        long directSats,
        BlockState state,
        int confirmations) {}
