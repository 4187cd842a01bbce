package adit.server.trace;

import java.util.List;

import io.netty.buffer.ByteBuf;

/// What a traced connection shows its bytes to; an untraced one has none.
///
/// **Owner:** the connection's event loop.
public final class Tap {

    private final long connection;
    private final List<WireTrace> traces;

    Tap(long connection, List<WireTrace> traces) {
        this.connection = connection;
        this.traces = List.copyOf(traces);
    }

    /// Bytes the miner has sent.
    public void in(byte[] bytes, int from, int to) {
        for (var trace : traces) {
            trace.offer(connection, true, bytes, from, to);
        }
    }

    /// Bytes that are on their way to the miner; read without being moved.
    public void out(ByteBuf bytes) {
        var copy = new byte[bytes.readableBytes()];
        bytes.getBytes(bytes.readerIndex(), copy);
        for (var trace : traces) {
            trace.offer(connection, false, copy, 0, copy.length);
        }
    }

    /// The connection has ended.
    public void ended() {
        for (var trace : traces) {
            trace.ended(connection);
        }
    }
}
