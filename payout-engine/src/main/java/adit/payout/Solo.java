package adit.payout;

/// The reward goes to the finder. A fee below `leastFeeMsat`, too small for an output of its own, is not taken.
public record Solo(long leastFeeMsat) implements Scheme {
    public Solo {
        if (leastFeeMsat < 0) {
            throw new IllegalArgumentException("least fee must not be negative");
        }
    }
}
