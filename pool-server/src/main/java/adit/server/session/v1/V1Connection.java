package adit.server.session.v1;

import java.io.IOException;
import java.util.Arrays;
import java.util.function.Consumer;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import org.jspecify.annotations.Nullable;

import adit.pow.Job;
import adit.server.channel.Replier;
import adit.server.channel.Verdict;
import adit.server.config.Limits;
import adit.stratum.MalformedMessage;

/// One miner's socket: cuts what comes in into lines for its [V1Session], and sends what goes out, replies
/// in the order of their requests.
///
/// A reply waits for the shares of this connection that the journal is still writing, and for nothing
/// else; jobs never wait. What one read brings is answered with one write.
///
/// **Owner:** its event loop. **Limits:** line length, errors a minute, unread output ([Limits]).
public final class V1Connection extends ChannelInboundHandlerAdapter implements Replier {

    private static final byte[] NOTHING = {};
    private static final int OUT_BYTES = 512;
    private static final byte LINE_FEED = '\n';

    private final V1Loop loop;
    private final V1Session session;
    private final long idleNanos;
    private final RateLimit protocolErrors = new RateLimit(Limits.PROTOCOL_ERRORS_PER_MINUTE);
    private @Nullable ChannelHandlerContext context;
    private @Nullable ByteBuf out;
    private byte[] partial = NOTHING;
    private long lastReadNanos;
    private int repliesInFlight;
    private boolean anyLine;
    private boolean closing;

    /// @param acceptedNanos when the miner came, on the loop's clock
    public V1Connection(V1Loop loop, V1Settings settings, long id, long acceptedNanos) {
        this.loop = loop;
        this.session = new V1Session(this, loop, settings, id, acceptedNanos);
        this.idleNanos = settings.idleNanos();
        this.lastReadNanos = loop.nanoClock.getAsLong();
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
        loop.add(this);
    }

    /// The socket is gone, however it went.
    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        closing = true;
        loop.remove(this);
        session.ended();
        if (out != null) {
            out.release();
            out = null;
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        var in = (ByteBuf) message;
        try {
            if (!closing) {
                lastReadNanos = loop.nanoClock.getAsLong();
                lines(in);
            }
        } catch (MalformedMessage notStratum) {
            loop.protocolError();
            close();
        } finally {
            in.release();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        flush();
        if (!closing) {
            loop.pauseIfBehind(this);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (!(cause instanceof IOException)) {
            loop.bug(cause);
        }
        close();
    }

    /// A new job, which never waits for replies.
    void announce(Job job, boolean newTip) {
        if (!closing) {
            session.announce(job, newTip);
            flush();
        }
    }

    /// Deadlines, and a look at vardiff; called every few seconds.
    void tick() {
        long now = loop.nanoClock.getAsLong();
        if (closing) {
            // It does not even read what it was to be told last.
            var _ = live().close();
            return;
        }
        if (now - lastReadNanos > idleNanos || session.missesDeadline(now, anyLine)) {
            close();
            return;
        }
        session.adjustDifficulty();
        flush();
    }

    /// Where the next line goes; sent with [#flush].
    ByteBuf out() {
        if (out == null) {
            out = live().alloc().buffer(OUT_BYTES);
        }
        return out;
    }

    /// Whether answers wait for shares that the journal is still writing.
    boolean owesReplies() {
        return repliesInFlight > 0;
    }

    /// Answers a request, in its turn.
    void reply(Consumer<ByteBuf> line) {
        if (repliesInFlight == 0) {
            line.accept(out());
            return;
        }
        var waiting = Unpooled.buffer(OUT_BYTES);
        line.accept(waiting);
        repliesInFlight++;
        loop.shares.replyInTurn(this, ByteBufUtil.getBytes(waiting));
    }

    /// Answers a submission, in its turn: an accepted one when it is durable.
    void reply(Verdict verdict, byte[] line, int idOffset, int idLength, boolean inTurn) {
        if (inTurn || repliesInFlight > 0) {
            repliesInFlight++;
            loop.shares.replyInTurn(this, verdict, line, idOffset, idLength);
        } else {
            loop.counted(verdict);
            V1Replies.write(out(), verdict, line, idOffset, idLength);
        }
    }

    @Override
    public void reply(Verdict verdict, byte[] ids, int offset, int length) {
        repliesInFlight--;
        loop.counted(verdict);
        if (!closing) {
            V1Replies.write(out(), verdict, ids, offset, length);
        }
    }

    @Override
    public void reply(byte[] line) {
        repliesInFlight--;
        if (!closing) {
            out().writeBytes(line);
        }
    }

    @Override
    public void flushReplies() {
        if (!closing) {
            session.adjustDifficulty();
            flush();
        }
        loop.resumeIfCaughtUp();
    }

    void flush() {
        var ready = out;
        if (ready == null) {
            return;
        }
        out = null;
        var ctx = live();
        var _ = ctx.writeAndFlush(ready, ctx.voidPromise());
        if (!ctx.channel().isWritable()
                && ctx.channel().bytesBeforeWritable() > Limits.OUTBOUND_BYTES) {
            close();
        }
    }

    /// Sends what is written and closes; nothing that still comes in is looked at.
    void close() {
        closing = true;
        var ready = out;
        out = null;
        var ctx = live();
        var _ =
                ready == null
                        ? ctx.close()
                        : ctx.writeAndFlush(ready).addListener(ChannelFutureListener.CLOSE);
    }

    /// One more line that was understood but wrong; too many end the connection.
    void protocolError() {
        loop.protocolError();
        if (!protocolErrors.allows(loop.nanoClock.getAsLong())) {
            close();
        }
    }

    void read(boolean on) {
        live().channel().config().setAutoRead(on);
    }

    private void lines(ByteBuf in) throws MalformedMessage {
        int length = partial.length + in.readableBytes();
        var buffer = loop.readBuffer(length);
        System.arraycopy(partial, 0, buffer, 0, partial.length);
        int scanned = partial.length;
        in.readBytes(buffer, scanned, length - scanned);
        partial = NOTHING;
        int start = 0;
        for (int i = scanned; i < length; i++) {
            if (buffer[i] == LINE_FEED) {
                checkLength(i - start);
                anyLine = true;
                session.line(buffer, start, i - start);
                start = i + 1;
                if (closing) {
                    return;
                }
            }
        }
        checkLength(length - start);
        if (start < length) {
            partial = Arrays.copyOfRange(buffer, start, length);
        }
    }

    private void checkLength(int bytes) throws MalformedMessage {
        if (bytes > session.lineLimit()) {
            throw new MalformedMessage("line too long");
        }
    }

    private ChannelHandlerContext live() {
        var ctx = context;
        if (ctx == null) {
            throw new IllegalStateException("no socket yet");
        }
        return ctx;
    }
}
