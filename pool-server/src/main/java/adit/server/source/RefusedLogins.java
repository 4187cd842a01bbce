package adit.server.source;

import java.net.InetAddress;
import java.util.Locale;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

import adit.server.metrics.EventLog;

/// Tells the operator of logins that were refused: whoever set up a miner with a mistyped name looks for it in the
/// pool's log, and sees nothing of it elsewhere.
///
/// Of a name no more than its beginning is told, because people type keys and seeds into that field by mistake.
///
/// **Owner:** any thread. **Limits:** one line a source in ten minutes, and ten lines a minute of all, [#BURST] more
/// at once; as many sources are remembered as lines were written.
final class RefusedLogins {

    static final int BURST = 20;
    static final long AGAIN_NANOS = 600_000_000_000L;

    private static final Allowance LINES = new Allowance(6_000_000_000L, BURST);
    private static final int TOLD_CHARS = 4;

    /// An address is no secret.
    private static final int TOLD_ADDRESS_CHARS = 12;

    private final EventLog events;
    private final LongSupplier nanoClock;
    private final AtomicLong spent;
    private final ConcurrentHashMap<SourceAddress, Long> told = new ConcurrentHashMap<>();

    RefusedLogins(EventLog events, LongSupplier nanoClock) {
        this.events = events;
        this.nanoClock = nanoClock;
        this.spent = new AtomicLong(nanoClock.getAsLong());
    }

    /// @param reason in our own words
    void tell(InetAddress client, String name, String reason) {
        long now = nanoClock.getAsLong();
        var source = SourceAddress.of(client);
        var last = told.get(source);
        if (last != null && now - last < AGAIN_NANOS) {
            return;
        }
        long before = spent.get();
        long after = LINES.spend(before, now);
        if (LINES.isOverdrawn(after, now) || !spent.compareAndSet(before, after)) {
            return;
        }
        told.values().removeIf(time -> now - time >= AGAIN_NANOS);
        told.put(source, now);
        events.loginRefused(client.getHostAddress(), beginning(name), name.length(), reason);
    }

    private static String beginning(String name) {
        var lower = name.toLowerCase(Locale.ROOT);
        boolean isAddress =
                lower.startsWith("bc1") || lower.startsWith("tb1") || lower.startsWith("bcrt1");
        var shown = new StringBuilder();
        name.chars()
                .limit(isAddress ? TOLD_ADDRESS_CHARS : TOLD_CHARS)
                .forEach(c -> shown.append(c > ' ' && c < 0x7f ? (char) c : '?'));
        return shown.toString();
    }
}
