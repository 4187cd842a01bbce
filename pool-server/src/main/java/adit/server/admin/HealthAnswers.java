package adit.server.admin;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;

import adit.node.NodeHealth;
import adit.node.NodeStatus;
import adit.server.admin.Json.Condition;
import adit.server.admin.Json.Part;
import adit.server.source.LoadLevel;

/// What `/api/v1/health` says: whether miners are served, one line for each part that this needs.
///
/// Only what stops miners is down. The database is not among it: shares are taken without it.
final class HealthAnswers {

    private final PoolView view;
    private final StatusBoard board;

    HealthAnswers(PoolView view, StatusBoard board) {
        this.view = view;
        this.board = board;
    }

    Answer health(Route.Request request) {
        var pool = view.snapshot();
        var parts =
                new ArrayList<>(
                        List.of(
                                listeners(pool),
                                journal(pool),
                                nodes(pool),
                                database(board.latest())));
        if (pool.load() != LoadLevel.NORMAL) {
            parts.add(
                    new Part(
                            "load",
                            Condition.DEGRADED,
                            "Too much to do: load level %d.".formatted(pool.load().number)));
        }
        var worst = Collections.max(parts.stream().map(Part::state).toList());
        return Answer.json(worst == Condition.DOWN ? 503 : 200, new Json.Health(worst, parts));
    }

    private static Part listeners(PoolSnapshot pool) {
        var closed =
                pool.listeners().stream()
                        .filter(l -> !l.isOpen())
                        .map(PoolSnapshot.Listener::name)
                        .collect(Collectors.joining(", "));
        if (pool.isDraining()) {
            return new Part(
                    "listeners",
                    Condition.DEGRADED,
                    "Draining: no new connections, %d still served.".formatted(pool.connections()));
        }
        long open = pool.listeners().stream().filter(PoolSnapshot.Listener::isOpen).count();
        if (open == 0) {
            return new Part("listeners", Condition.DOWN, "No port for miners is open.");
        }
        return closed.isEmpty()
                ? new Part(
                        "listeners",
                        Condition.OK,
                        "%d open, %s."
                                .formatted(
                                        open,
                                        pool.connections() == 1
                                                ? "1 connection"
                                                : pool.connections() + " connections"))
                : new Part("listeners", Condition.DEGRADED, "Closed: " + closed + ".");
    }

    private static Part journal(PoolSnapshot pool) {
        var journal = pool.journal();
        return journal.isWritable()
                ? new Part(
                        "journal",
                        Condition.OK,
                        "Durable up to record %d of epoch %d."
                                .formatted(journal.durableSequence(), journal.epoch()))
                : new Part("journal", Condition.DOWN, journal.failure());
    }

    private static Part nodes(PoolSnapshot pool) {
        var notReady =
                pool.nodes().stream()
                        .filter(node -> node.health() != NodeHealth.READY)
                        .map(HealthAnswers::told)
                        .collect(Collectors.joining("; "));
        var mining = pool.mining();
        if (mining == null && pool.keepsLastJob()) {
            return new Part(
                    "nodes",
                    Condition.DEGRADED,
                    "No valid template; miners keep their last job for now. " + notReady);
        }
        if (mining == null) {
            return new Part(
                    "nodes",
                    Condition.DOWN,
                    notReady.isEmpty() ? "No template to mine on yet." : notReady);
        }
        return notReady.isEmpty()
                ? new Part(
                        "nodes",
                        Condition.OK,
                        "Mining height %d from %s.".formatted(mining.height(), mining.node()))
                : new Part("nodes", Condition.DEGRADED, notReady);
    }

    private static String told(NodeStatus node) {
        return "%s is %s: %s".formatted(node.name(), node.health(), node.reason());
    }

    private static Part database(Status status) {
        var ledger = status.ledger();
        if (!ledger.isReachable()) {
            return new Part(
                    "database",
                    Condition.DEGRADED,
                    "%s (since %s)".formatted(ledger.trouble(), ledger.since()));
        }
        var stopped = status.pool().projectionTrouble();
        if (!stopped.isEmpty()) {
            return new Part("database", Condition.DEGRADED, stopped);
        }
        var known = ledger.facts();
        return new Part(
                "database",
                Condition.OK,
                known == null ? "Reachable." : waiting(status.waitingRecords(known)));
    }

    private static String waiting(long records) {
        return records == 1
                ? "One durable record waits to be stored."
                : "%d durable records wait to be stored.".formatted(records);
    }
}
