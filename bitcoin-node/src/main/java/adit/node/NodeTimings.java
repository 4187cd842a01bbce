package adit.node;

import java.time.Duration;

/// Every deadline and interval of talking to nodes.
///
/// @param callDeadline the longest an ordinary call may take, from connecting to the last byte
/// @param submitDeadline the same for a block, which the node validates before it answers
/// @param longPollDeadline the same for a long poll; long, because a node keeps a worker busy for a poll we gave up
/// @param healthInterval between two looks at a node
/// @param refreshInterval between two templates on one tip
/// @param staleTip age of a tip beyond which the node is cut off from the network rather than unlucky
/// @param comeBack how long a preferred node must have been well before it replaces the one in use
public record NodeTimings(
        Duration callDeadline,
        Duration submitDeadline,
        Duration longPollDeadline,
        Duration healthInterval,
        Duration refreshInterval,
        Duration staleTip,
        Duration comeBack) {

    public static NodeTimings standard() {
        return new NodeTimings(
                Duration.ofSeconds(5),
                Duration.ofSeconds(20),
                Duration.ofHours(1),
                Duration.ofSeconds(5),
                Duration.ofSeconds(30),
                Duration.ofHours(2),
                Duration.ofSeconds(30));
    }
}
