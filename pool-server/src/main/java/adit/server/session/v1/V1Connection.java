package adit.server.session.v1;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
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
import adit.server.source.ClientAddress;
import adit.server.source.CloseReason;
import adit.server.source.Visit;
import adit.server.trace.Tap;
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

    /// Where the connection is at home; another one only after [#moveTo].
    private V1Loop loop;

    private final V1Session session;
    private final long idleNanos;
    private final Conduct conduct;
    private @Nullable ChannelHandlerContext context;
    private @Nullable ByteBuf out;
    private @Nullable Tap tap;
    private byte[] partial = NOTHING;
    private long lastReadNanos;
    private int repliesInFlight;
    private boolean anyLine;
    private boolean owesJob;
    private boolean owesAllWork;
    private boolean closing;
    private int holds;
    private long unreadSinceNanos;
    private @Nullable V1Loop movingTo;

    /// @param acceptedNanos when the miner came, on the loop's clock
    public V1Connection(
            V1Loop loop, V1Settings settings, long id, long acceptedNanos, Visit visit) {
        this.loop = loop;
        this.session = new V1Session(this, settings, id, acceptedNanos);
        this.conduct = new Conduct(visit, settings.channel(), acceptedNanos);
        this.idleNanos = settings.idleNanos();
        this.lastReadNanos = loop.nanoClock.getAsLong();
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
        loop.add(this);
        if (!loop.traces.isIdle()) {
            traceAgain();
        }
    }

    /// The socket is gone, however it went.
    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        closing = true;
        loop.remove(this);
        session.ended();
        if (tap != null) {
            tap.ended();
        }
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
                read(in, partial.length);
            }
        } finally {
            in.release();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        flush();
        if (!closing && movingTo == null) {
            loop.pauseIfBehind(this);
            holdIfOverdrawn();
        }
    }

    /// A miner that reads again what it had left unread is sent the newest job, and none of those between.
    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (!ctx.channel().isWritable()) {
            unreadSinceNanos = loop.nanoClock.getAsLong();
        } else if (owesJob && !closing) {
            owesJob = false;
            session.sendWork();
            flush();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        // What TLS finds wrong with what came in is told wrapped.
        if (!(cause instanceof IOException || cause.getCause() instanceof IOException)) {
            loop.bug(cause);
        }
        close();
    }

    /// A new job, which never waits for replies.
    void announce(Job job, boolean newTip, long knownNanos) {
        if (closing) {
            return;
        }
        boolean isReading = live().channel().isWritable();
        if (isReading) {
            session.announce(job, newTip);
            flush();
        } else {
            owesJob = true;
            session.withhold(job, newTip);
        }
        if (newTip) {
            session.tipTold(knownNanos, isReading && isAllTaken());
        }
    }

    /// Whether the socket has taken all that was written.
    private boolean isAllTaken() {
        var socket = live().channel();
        return socket.bytesBeforeUnwritable() >= socket.config().getWriteBufferHighWaterMark();
    }

    /// Looks at the deadlines of one that has not logged in.
    ///
    /// @return whether it still has not
    boolean awaitsLogin(long nowNanos) {
        if (closing || !session.isInSetup()) {
            return false;
        }
        if (session.missesDeadline(nowNanos, anyLine)) {
            close(CloseReason.SETUP_LATE);
        }
        return !closing;
    }

    /// Idle rules, conduct, and a look at vardiff; called every few seconds.
    void tick(long nowNanos) {
        if (closing) {
            // It does not even read what it was to be told last.
            var _ = live().close();
            return;
        }
        if (nowNanos - lastReadNanos > idleNanos) {
            close(CloseReason.SILENT);
            return;
        }
        if (!live().channel().isWritable() && nowNanos - unreadSinceNanos > Limits.UNREAD_NANOS) {
            close(CloseReason.UNREAD);
            return;
        }
        switch (conduct.look(nowNanos)) {
            case CLOSE_IDLE -> close(CloseReason.NO_SHARES);
            case CLOSE_INVALID -> close(CloseReason.INVALID_SHARES);
            case WORK_AGAIN -> session.sendWorkAfresh();
            case HARDER_WORK -> session.hardenWork();
            case NOTHING -> session.adjustDifficulty();
        }
        flush();
    }

    /// Goes on or stops reading for a reason that is looked at every second; see [V1Loop#tick].
    void look(long nowNanos, boolean itsTurn) {
        if (isHeld(Hold.MESSAGES) && conduct.isSolvent(nowNanos)) {
            release(Hold.MESSAGES);
        }
        if (itsTurn || (loop.pausesGreedy() && conduct.isOverItsShare(nowNanos))) {
            hold(Hold.LOAD);
        } else {
            release(Hold.LOAD);
        }
    }

    /// Where the next line goes; sent with [#flush].
    ByteBuf out() {
        if (out == null) {
            out = live().alloc().buffer(OUT_BYTES);
        }
        return out;
    }

    /// Asks the miner to connect again to where it is connected now, if its firmware understands that.
    void askToReconnect() {
        if (!closing) {
            session.askToReconnect();
            flush();
        }
    }

    /// Difficulty and job as if for the first time, once all answers so far are out.
    void sendWorkBehindReplies() {
        owesAllWork = owesReplies();
        if (!owesAllWork) {
            session.sendWorkAfresh();
        }
    }

    /// A trace has begun or ended, or the miner has logged in while one runs: is this connection part of one?
    void traceAgain() {
        tap = loop.traces.tap(session.peer(ClientAddress.of(live().channel())), tap);
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
            if (owesAllWork) {
                sendWorkBehindReplies();
            }
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
        if (tap != null) {
            tap.out(ready);
        }
        var ctx = live();
        var _ = ctx.writeAndFlush(ready, ctx.voidPromise());
        if (!ctx.channel().isWritable()
                && ctx.channel().bytesBeforeWritable() > Limits.OUTBOUND_BYTES) {
            close(CloseReason.UNREAD);
        }
    }

    /// Lets the miner go for a reason that is counted, and held against its source where it is an offence.
    void close(CloseReason reason) {
        if (!closing) {
            conduct.closedFor(reason);
            letGo(Farewell.of(reason));
        }
    }

    /// Closes, and says why to whoever can read it; nothing is said where the words are empty.
    void letGo(String words) {
        if (!closing) {
            session.tell(words);
            close();
        }
    }

    /// Sends what is written and closes; nothing that still comes in is looked at.
    void close() {
        closing = true;
        var ready = out;
        out = null;
        if (tap != null && ready != null) {
            tap.out(ready);
        }
        var ctx = live();
        var _ =
                ready == null
                        ? ctx.close()
                        : ctx.writeAndFlush(ready).addListener(ChannelFutureListener.CLOSE);
    }

    /// One more line that was understood but wrong; too many end the connection.
    void protocolError() {
        loop.protocolError();
        if (!conduct.mayErr(lastReadNanos)) {
            close(CloseReason.PROTOCOL_ERRORS);
        }
    }

    /// One more login that failed; too many end the connection.
    void loginFailed(String name, String reason) {
        var client = ClientAddress.of(live().channel());
        if (!conduct.mayFailToLogIn(client, name, reason, lastReadNanos)) {
            close(CloseReason.FAILED_LOGINS);
        }
    }

    void loggedIn() {
        conduct.loggedIn();
    }

    void judged(Verdict verdict, long units) {
        conduct.judged(verdict, units, lastReadNanos);
    }

    void difficultyLowered() {
        conduct.lowered(loop.nanoClock.getAsLong());
    }

    /// Stops reading; each reason has to be gone before it goes on.
    void hold(Hold why) {
        if (holds == 0) {
            live().channel().config().setAutoRead(false);
        }
        holds |= why.bit;
    }

    void release(Hold why) {
        if (isHeld(why)) {
            holds &= ~why.bit;
            live().channel().config().setAutoRead(holds == 0);
        }
    }

    boolean isHeld(Hold why) {
        return (holds & why.bit) != 0;
    }

    private void holdIfOverdrawn() {
        if (conduct.isOverdrawn(lastReadNanos) && !isHeld(Hold.MESSAGES)) {
            if (conduct.mayPauseAgain()) {
                hold(Hold.MESSAGES);
                loop.heldForMessages(this);
            } else {
                close(CloseReason.MESSAGES);
            }
        }
    }

    V1Loop loop() {
        return loop;
    }

    /// Goes on at another loop, which owns the channel that the miner comes back for. The line that is being
    /// read is read there again; nothing may have been sent to the journal before.
    void moveTo(V1Loop target) {
        movingTo = target;
    }

    void rememberDifficulty() {
        session.rememberDifficulty();
    }

    void exportTo(List<ParkedChannel> list) {
        session.exportTo(list);
    }

    private void read(ByteBuf in, int scanned) {
        try {
            lines(in, scanned);
        } catch (MalformedMessage notStratum) {
            loop.protocolError();
            close(CloseReason.MALFORMED);
        }
    }

    /// @param scanned bytes at the beginning of [#partial] that hold no line end
    private void lines(ByteBuf in, int scanned) throws MalformedMessage {
        int length = partial.length + in.readableBytes();
        var buffer = loop.readBuffer(length);
        System.arraycopy(partial, 0, buffer, 0, partial.length);
        in.readBytes(buffer, partial.length, in.readableBytes());
        if (tap != null && partial.length < length) {
            tap.in(buffer, partial.length, length);
        }
        if (movingTo != null) {
            partial = Arrays.copyOf(buffer, length);
            return;
        }
        partial = NOTHING;
        int start = 0;
        for (int i = scanned; i < length; i++) {
            if (buffer[i] == LINE_FEED) {
                checkLength(i - start);
                anyLine = true;
                conduct.line(lastReadNanos);
                session.line(buffer, start, i - start);
                if (closing) {
                    return;
                }
                if (movingTo != null) {
                    partial = Arrays.copyOfRange(buffer, start, length);
                    leaveFor(movingTo);
                    return;
                }
                start = i + 1;
            }
        }
        checkLength(length - start);
        if (start < length) {
            partial = Arrays.copyOfRange(buffer, start, length);
        }
    }

    /// Netty unregisters once this read is over; until the other loop has the socket nobody touches it.
    private void leaveFor(V1Loop target) {
        flush();
        hold(Hold.MOVING);
        loop.remove(this);
        target.takeOver(live().channel(), () -> arriveAt(target));
    }

    private void arriveAt(V1Loop target) {
        loop = target;
        movingTo = null;
        if (!closing) {
            loop.add(this);
            release(Hold.MOVING);
            read(Unpooled.EMPTY_BUFFER, 0);
            flush();
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
