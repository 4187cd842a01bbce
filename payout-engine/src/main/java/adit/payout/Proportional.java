package adit.payout;

/// The reward goes to all work since the previous block, in proportion. Not proof against pool hopping.
public record Proportional() implements Scheme {}
