package adit.ledger.postgres;

/// Equal shares of one worker, from the oldest to the newest of them; one share alone is both.
///
/// They are of one epoch, in one UTC minute, at one difficulty, network target and subsidy, so a scheme that weighs
/// any of these can weigh all of them at once.
public record Work(
        long accountId,
        long workerId,
        int feeBps,
        int nBits,
        long subsidySats,
        long difficultyUnits,
        long shares,
        Position oldest,
        Position newest) {}
