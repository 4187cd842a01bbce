package adit.payout;

/// What an orphaned block undoes: the miners' credits or only the operator's income, and what becomes of the round.
///
/// The block's own booking is always reversed; where miners were paid for work rather than for the block
/// (`reversesMiners` is false) their credits stay and the operator bears the loss.
public record Reversal(boolean reversesMiners, SchemeState schemeState) {

    /// What happens to the scheme's own state.
    public enum SchemeState {
        /// Nothing: a window is a function of the order of shares alone.
        NONE,
        /// The finder's round goes on as though the block had not been found.
        ROUND_RESTARTS,
        /// The work of the orphaned round is paid with the next block.
        ROUND_MERGES_INTO_THE_NEXT,
        /// The block no longer counts for the fee rate of a day that is still open.
        LEAVES_AN_OPEN_FEE_DAY
    }
}
