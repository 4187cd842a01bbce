package adit.node;

import java.time.Duration;

/// One node's answer to a block, in our terms and in its own words.
public record SubmitResult(String node, SubmitOutcome outcome, String detail, Duration took) {}
