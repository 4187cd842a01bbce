package adit.payout;

/// Pay per share: work is priced at the subsidy as it is done ([PpsAccrual]), and blocks belong to the operator.
public record Pps() implements Scheme {}
