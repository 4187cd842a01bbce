package adit.server.trace;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/// What a traced connection shows its bytes to; an untraced one has none. While a worker is traced, a connection that
/// has not logged in has one that keeps what is said.
///
/// **Owner:** the connection's event loop.
public final class Tap {

    private final long connection;
    private final List<WireTrace> traces;
    private final @Nullable SetupLines setup;
    private final InstantSource clock;

    Tap(long connection, List<WireTrace> traces, @Nullable SetupLines setup, InstantSource clock) {
        this.connection = connection;
        this.traces = List.copyOf(traces);
        this.setup = setup;
        this.clock = clock;
    }

    /// Bytes the miner has sent.
    public void in(byte[] bytes, int from, int to) {
        show(true, Arrays.copyOfRange(bytes, from, to));
    }

    /// Bytes that are on their way to the miner; read without being moved.
    public void out(ByteBuf bytes) {
        var copy = new byte[bytes.readableBytes()];
        bytes.getBytes(bytes.readerIndex(), copy);
        show(false, copy);
    }

    /// The connection has ended.
    public void ended() {
        forgetSetup();
        for (var trace : traces) {
            trace.ended(connection);
        }
    }

    @Nullable SetupLines setup() {
        return setup;
    }

    /// Gives what was kept to those traces that did not see it when it was said.
    void giveSetupTo(List<WireTrace> matching) {
        if (setup != null) {
            for (var trace : matching) {
                if (!traces.contains(trace)) {
                    setup.giveTo(trace, connection);
                }
            }
        }
    }

    void forgetSetup() {
        if (setup != null) {
            setup.forget();
        }
    }

    private void show(boolean in, byte[] bytes) {
        Instant now = clock.instant();
        for (var trace : traces) {
            trace.offer(now, connection, in, bytes);
        }
        if (setup != null) {
            setup.add(now, in, bytes);
        }
    }
}
