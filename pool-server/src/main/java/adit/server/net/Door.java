package adit.server.net;

import java.net.InetSocketAddress;
import java.util.List;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import org.jspecify.annotations.Nullable;

import adit.server.config.Limits;
import adit.server.source.CloseReason;
import adit.server.source.Visit;

/// Where a connection waits until its first bytes have said what it is.
///
/// Then its session takes this place in the pipeline and is handed what was read, so that nothing of the
/// door outlives the decision. The time to decide counts from the accept and is not prolonged by anything
/// that is sent.
///
/// **Owner:** its event loop.
final class Door<R> extends ByteToMessageDecoder {

    private final Entrance<R> entrance;
    private final R room;
    private final Doorstep doorstep;
    private final Visit visit;
    private final long acceptedNanos;
    private @Nullable ChannelHandlerContext context;
    private boolean closing;

    Door(Entrance<R> entrance, R room, Doorstep doorstep, Visit visit) {
        this.entrance = entrance;
        this.room = room;
        this.doorstep = doorstep;
        this.visit = visit;
        this.acceptedNanos = doorstep.nanoTime();
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
        doorstep.add(this);
    }

    @Override
    public void handlerRemoved0(ChannelHandlerContext ctx) {
        doorstep.remove(this);
    }

    @Override
    public void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        if (closing) {
            in.skipBytes(in.readableBytes());
            return;
        }
        switch (FirstBytes.of(in)) {
            case STRATUM_V1 -> enter(ctx);
            case UNFINISHED -> {}
            case HTTP -> answerAndClose(ctx, in);
            case TLS, OTHER -> {
                visit.closedFor(CloseReason.MALFORMED);
                close(ctx);
            }
        }
    }

    /// A caller that leaves has nothing more to say.
    @Override
    public void decodeLast(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {}

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        close(ctx);
    }

    void tick(long nowNanos) {
        var ctx = context;
        if (ctx == null || nowNanos - acceptedNanos <= Limits.FIRST_MESSAGE_NANOS) {
            return;
        }
        if (!closing) {
            visit.closedFor(CloseReason.SETUP_LATE);
        }
        if (!closing && actualReadableBytes() > 0) {
            answerAndClose(ctx, internalBuffer());
        } else {
            close(ctx);
        }
    }

    private void enter(ChannelHandlerContext ctx) {
        var remote = (InetSocketAddress) ctx.channel().remoteAddress();
        var session =
                entrance.v1().apply(room, new Arrival(remote.getAddress(), acceptedNanos, visit));
        ctx.pipeline().addAfter(ctx.name(), "session", session);
        ctx.pipeline().remove(this);
    }

    private void answerAndClose(ChannelHandlerContext ctx, ByteBuf request) {
        closing = true;
        var local = (InetSocketAddress) ctx.channel().localAddress();
        var page = new HttpPage(entrance.pool()).answer(request, "stratum+tcp", local);
        var _ = ctx.writeAndFlush(page).addListener(ChannelFutureListener.CLOSE);
    }

    private void close(ChannelHandlerContext ctx) {
        closing = true;
        var _ = ctx.close();
    }
}
