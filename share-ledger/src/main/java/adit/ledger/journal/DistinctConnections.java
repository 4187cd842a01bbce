package adit.ledger.journal;

/// Counts different connections, up to [#MANY]: enough to tell a crowd from one busy connection.
final class DistinctConnections {
    static final int MANY = 3;

    private final long[] seen = new long[MANY];
    private int count;

    void add(long connection) {
        for (int i = 0; i < count; i++) {
            if (seen[i] == connection) {
                return;
            }
        }
        if (count < MANY) {
            seen[count++] = connection;
        }
    }

    void addAll(DistinctConnections others) {
        for (int i = 0; i < others.count; i++) {
            add(others.seen[i]);
        }
    }

    boolean areMany() {
        return count == MANY;
    }

    void clear() {
        count = 0;
    }
}
