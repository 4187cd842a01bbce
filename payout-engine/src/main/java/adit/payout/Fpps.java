package adit.payout;

/// Full pay per share: [Pps] with the network's average transaction fees on top ([FppsRate]).
public record Fpps(FeeRule feeRule) implements Scheme {}
