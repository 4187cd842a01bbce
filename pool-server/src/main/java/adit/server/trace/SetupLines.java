package adit.server.trace;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

import adit.server.config.Limits;

/// What one connection has said and heard before its login, kept while a worker is traced: it may turn out to be
/// that worker's, and then its trace begins with this.
///
/// **Owner:** the connection's event loop. **Limits:** [Limits#TRACE_SETUP_READS] reads and writes and
/// [Limits#TRACE_SETUP_BYTES], and [Limits#TRACE_ALL_SETUPS_BYTES] of all connections together; what is beyond is
/// counted as missing.
final class SetupLines {

    /// What the objects around some bytes come to.
    private static final int BYTES_AROUND = 96;

    private record Part(Instant at, boolean in, byte[] bytes) {}

    /// What all connections keep together.
    private final AtomicLong kept;

    private final List<Part> parts = new ArrayList<>();
    private long bytes;
    private int missing;

    SetupLines(AtomicLong kept) {
        this.kept = kept;
    }

    void add(Instant at, boolean in, byte[] more) {
        int cost = more.length + BYTES_AROUND;
        boolean fits =
                missing == 0
                        && parts.size() < Limits.TRACE_SETUP_READS
                        && bytes + more.length <= Limits.TRACE_SETUP_BYTES;
        if (fits && kept.addAndGet(cost) > Limits.TRACE_ALL_SETUPS_BYTES) {
            kept.addAndGet(-cost);
            fits = false;
        }
        if (fits) {
            parts.add(new Part(at, in, more));
            bytes += more.length;
        } else {
            missing += WireTrace.lines(more);
        }
    }

    /// The connection has logged in by the name of this trace.
    void giveTo(WireTrace trace, long connection) {
        for (var part : parts) {
            trace.offer(part.at(), connection, part.in(), part.bytes());
        }
        if (missing > 0) {
            trace.miss(missing);
        }
    }

    /// Gives the room back.
    void forget() {
        kept.addAndGet(-bytes - (long) parts.size() * BYTES_AROUND);
        parts.clear();
        bytes = 0;
    }
}
