package adit.server.net;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Objects;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import org.jspecify.annotations.Nullable;

import adit.server.config.Limits;
import adit.server.source.ClientAddress;
import adit.server.source.CloseReason;
import adit.server.source.Visit;

/// Where a connection waits until its first bytes have said what it is.
///
/// ```text
/// from a proxy of ours ──header──▶ ┐
///                                  ├─ JSON ─▶ its session, and the door is gone
/// from anywhere else ────────────▶ ┤─ TLS ──▶ a TLS handler, and a door behind it that looks again
///                                  ├─ HTTP ─▶ a page, closed
///                                  └─ else, or too late ─▶ closed
/// ```
/// The session is handed what was read, so that nothing of the door outlives the decision. The time to decide
/// counts from the accept and is not prolonged by anything that is sent.
///
/// **Owner:** its event loop. **Limits:** [Limits#FIRST_MESSAGE_NANOS], [Limits#TLS_HANDSHAKE_NANOS].
final class Door<R> extends ByteToMessageDecoder {

    private static final String SESSION = "session";
    private static final String TLS = "tls";
    private static final String INNER_DOOR = "inner-door";

    private final Entrance<R> entrance;
    private final R room;
    private final Doorstep doorstep;
    private final Visit visit;
    private final boolean isInsideTls;
    private final long acceptedNanos;
    private long deadlineNanos;
    private @Nullable InetSocketAddress client;
    private @Nullable ChannelHandlerContext context;
    private boolean waitsForTls;
    private boolean closing;

    /// The door of a new connection.
    Door(Entrance<R> entrance, R room, Doorstep doorstep, Visit visit) {
        this.entrance = entrance;
        this.room = room;
        this.doorstep = doorstep;
        this.visit = visit;
        this.isInsideTls = false;
        this.acceptedNanos = doorstep.nanoTime();
        this.deadlineNanos = acceptedNanos + Limits.FIRST_MESSAGE_NANOS;
    }

    /// The second door of one who speaks TLS.
    private Door(Door<R> outer) {
        this.entrance = outer.entrance;
        this.room = outer.room;
        this.doorstep = outer.doorstep;
        this.visit = outer.visit;
        this.isInsideTls = true;
        this.acceptedNanos = outer.acceptedNanos;
        this.client = outer.client;
        long handshakeEnds = doorstep.nanoTime() + Limits.TLS_HANDSHAKE_NANOS;
        this.deadlineNanos =
                handshakeEnds - outer.deadlineNanos < 0 ? handshakeEnds : outer.deadlineNanos;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
        doorstep.add(this);
        if (isInsideTls) {
            doorstep.handshakeBegins(this);
            return;
        }
        var peer = (InetSocketAddress) ctx.channel().remoteAddress();
        client = entrance.isProxy(peer) ? null : peer;
    }

    @Override
    public void handlerRemoved0(ChannelHandlerContext ctx) {
        doorstep.remove(this);
    }

    @Override
    public void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        if (closing) {
            in.skipBytes(in.readableBytes());
        } else if (client == null) {
            readProxyHeader(ctx, in);
        } else if (!waitsForTls) {
            decide(ctx, in, client);
        }
    }

    /// A caller that leaves has nothing more to say.
    @Override
    public void decodeLast(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {}

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof SslHandshakeCompletionEvent handshake && handshake.isSuccess()) {
            doorstep.handshakeEnded(this);
            deadlineNanos = acceptedNanos + Limits.FIRST_MESSAGE_NANOS;
        }
    }

    /// What goes wrong here is the caller's doing: a handshake that fails, a connection that is reset.
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (isInsideTls) {
            turnAway(ctx, CloseReason.HANDSHAKE);
        } else {
            closing = true;
            var _ = ctx.close();
        }
    }

    void tick(long nowNanos) {
        var ctx = live();
        if (nowNanos - deadlineNanos <= 0) {
            return;
        }
        if (!closing && client != null && !waitsForTls && actualReadableBytes() > 0) {
            answer(ctx, internalBuffer());
        } else {
            turnAway(ctx, CloseReason.SETUP_LATE);
        }
    }

    /// Its turn to shake hands has come.
    void shakeHands() {
        var ctx = live();
        var certificates = Objects.requireNonNull(entrance.certificates());
        var tls = certificates.newHandler(ctx.alloc());
        var inner = new Door<>(this);
        ctx.pipeline().addAfter(ctx.name(), TLS, tls).addAfter(TLS, INNER_DOOR, inner);
        ctx.channel().config().setAutoRead(true);
        ctx.pipeline().remove(this);
    }

    private void readProxyHeader(ChannelHandlerContext ctx, ByteBuf in) {
        switch (ProxyHeader.read(in)) {
            case ProxyHeader.Unfinished() -> {}
            case ProxyHeader.Malformed() -> turnAway(ctx, CloseReason.PROXY_HEADER);
            case ProxyHeader.Whole(int length, var spokenFor) -> {
                in.skipBytes(length);
                var caller = (InetSocketAddress) ctx.channel().remoteAddress();
                if (spokenFor != null) {
                    ClientAddress.note(ctx.channel(), spokenFor.getAddress());
                    caller = spokenFor;
                }
                client = caller;
                if (!visit.comesFrom(caller.getAddress())) {
                    closing = true;
                    var _ = ctx.close();
                }
            }
        }
    }

    private void decide(ChannelHandlerContext ctx, ByteBuf in, InetSocketAddress caller) {
        switch (FirstBytes.of(in)) {
            case STRATUM_V1 -> {
                if (isInsideTls || entrance.speaksPlain()) {
                    enter(ctx, caller);
                } else {
                    turnAway(ctx, CloseReason.MALFORMED);
                }
            }
            case TLS -> {
                if (!isInsideTls && entrance.speaksTls()) {
                    waitsForTls = true;
                    ctx.channel().config().setAutoRead(false);
                    doorstep.queueForHandshake(this);
                } else {
                    turnAway(ctx, CloseReason.MALFORMED);
                }
            }
            case UNFINISHED -> {}
            case HTTP -> answer(ctx, in);
            case OTHER -> turnAway(ctx, CloseReason.MALFORMED);
        }
    }

    private void enter(ChannelHandlerContext ctx, InetSocketAddress caller) {
        var session = entrance.v1().apply(room, new Arrival(caller, acceptedNanos, visit));
        ctx.pipeline().addAfter(ctx.name(), SESSION, session);
        ctx.pipeline().remove(this);
    }

    private void answer(ChannelHandlerContext ctx, ByteBuf request) {
        closing = true;
        visit.closedFor(CloseReason.HTTP);
        var local = (InetSocketAddress) ctx.channel().localAddress();
        var scheme = isInsideTls || !entrance.speaksPlain() ? "stratum+ssl" : "stratum+tcp";
        var page = new HttpPage(entrance.pool()).answer(request, scheme, local);
        var _ = ctx.writeAndFlush(page).addListener(ChannelFutureListener.CLOSE);
    }

    private void turnAway(ChannelHandlerContext ctx, CloseReason why) {
        if (!closing) {
            closing = true;
            visit.closedFor(why);
        }
        var _ = ctx.close();
    }

    private ChannelHandlerContext live() {
        var ctx = context;
        if (ctx == null) {
            throw new IllegalStateException("no socket yet");
        }
        return ctx;
    }
}
