package adit.server.session.v1;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/// Lets the connections of one event loop go, evenly over a time: each is asked to connect again, and closed
/// where it does not within seconds.
///
/// **Owner:** its event loop. **Invariant:** a share that was judged is answered before its connection is closed,
/// unless the journal takes longer than [#LONGEST_NANOS] over it.
final class V1Drain {

    /// Miners that know `client.reconnect` have gone by then; the others need the close to notice.
    private static final long FOLLOWS_NANOS = TimeUnit.SECONDS.toNanos(5);

    private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(10);

    /// Of a connection, so that a few are spread as evenly as many.
    private static final int PARTS = 1 << 20;

    private final Map<V1Connection, Long> askedNanos = new LinkedHashMap<>();
    private long carry;

    /// One of many steps.
    ///
    /// @param stepsLeft this one included, until all are to have been asked
    void step(Set<V1Connection> connections, int stepsLeft, long nowNanos) {
        askedNanos.keySet().retainAll(connections);
        int left = connections.size() - askedNanos.size();
        carry += (long) left * PARTS / Math.max(1, stepsLeft);
        int due = stepsLeft <= 1 ? left : Math.toIntExact(carry / PARTS);
        carry %= PARTS;
        for (var connection : List.copyOf(connections)) {
            if (due > 0 && askedNanos.putIfAbsent(connection, nowNanos) == null) {
                due--;
                connection.askToReconnect();
            }
        }
        for (var asked : List.copyOf(askedNanos.entrySet())) {
            long since = nowNanos - asked.getValue();
            boolean owes = asked.getKey().owesReplies();
            if (since > LONGEST_NANOS || (since > FOLLOWS_NANOS && !owes)) {
                asked.getKey().close();
            }
        }
    }
}
