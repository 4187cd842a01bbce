package adit.payout;

/// A way to share out rewards, as the record of its parameters. The pool's fee is not among them: it belongs to a
/// worker's terms and travels with the work ([WorkSlice#feeBps]).
public sealed interface Scheme permits Pplns, Proportional, Solo, Pps, Fpps {

    /// What is undone when a block of this scheme leaves the active chain before it is mature.
    default Reversal reversal() {
        return switch (this) {
            case Solo _ -> new Reversal(true, Reversal.SchemeState.ROUND_RESTARTS);
            case Proportional _ ->
                    new Reversal(true, Reversal.SchemeState.ROUND_MERGES_INTO_THE_NEXT);
            case Pplns _ -> new Reversal(true, Reversal.SchemeState.NONE);
            case Pps _ -> new Reversal(false, Reversal.SchemeState.NONE);
            case Fpps _ -> new Reversal(false, Reversal.SchemeState.LEAVES_AN_OPEN_FEE_DAY);
        };
    }
}
