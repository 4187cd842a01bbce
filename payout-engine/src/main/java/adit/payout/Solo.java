package adit.payout;

/// The reward goes to the finder. A fee below `leastFeeMsat`, too small for an output of its own, is not taken.
public record Solo(long leastFeeMsat) implements Scheme {
    public Solo {
        if (leastFeeMsat < 0) {
            throw new IllegalArgumentException("least fee must not be negative");
        }
    }

    /// The fee on a reward that is paid on chain, in whole satoshi: rounded down, in the finder's favour.
    public static long feeSats(long rewardSats, int feeBps) {
        return Apportion.fee(rewardSats, feeBps);
    }
}
