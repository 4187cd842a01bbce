package adit.server.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicReference;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

import adit.server.channel.ChannelSettings;
import adit.server.net.SimulatedPool;
import adit.stratum.MalformedMessage;
import adit.stratum.v1.Submit;
import adit.stratum.v1.V1Decoder;
import adit.stratum.v1.V1Request;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

/// One connection of the pool fed with anything, beside a model of what may come back.
///
/// The input is what a miner sends, cut by bytes that no line holds: 1 puts up a job, 2 one on a new tip, 3 lets five
/// seconds pass, 4 takes the job down, 5 brings everything to disk, 6 only ends a read.
///
/// **Invariants:** no defect is told; replies and requests are one to one and in the same order, each with
/// its id byte for byte; as much is credited as submissions were answered with true; what goes out is bounded by what
/// came in.
public final class SessionTarget {

    private static final byte PUBLISH = 1;
    private static final byte NEW_TIP = 2;
    private static final byte PASS = 3;
    private static final byte WITHDRAW = 4;
    private static final byte SETTLE = 5;
    private static final byte END_OF_READ = 6;
    private static final int MOST_BYTES = 64 * 1024;
    private static final int MOST_BYTES_A_LINE = 8 * 1024;

    /// Nearly every hash is a share, and each is one unit.
    private static final ChannelSettings ANY = new ChannelSettings(1, 1, 1, false, 15, false, 0);

    private static final AtomicReference<@Nullable Throwable> DEFECT = new AtomicReference<>();
    private static final SimulatedPool POOL = pool();

    private final EmbeddedChannel channel = POOL.connect();
    private final V1Decoder decoder = new V1Decoder();
    private final List<Request> requests = new ArrayList<>();
    private final Queue<String> replies = new ArrayDeque<>();
    private StringBuilder partial = new StringBuilder();
    private boolean isMalformed;
    private int turns;
    private long sentBytes;

    /// A request as it stood in its line.
    private record Request(String id, boolean isAnswered, boolean isSubmit) {}

    private SessionTarget() {}

    /// In a process that does nothing else, what the pool says of its day only costs time.
    public static void fuzzerInitialize() {
        log().setLevel(Level.ERROR);
    }

    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length <= MOST_BYTES) {
            var _ = stays(input);
        }
    }

    /// Whether the connection is still open at the end of an input.
    static boolean stays(byte[] input) {
        return new SessionTarget().run(input);
    }

    private boolean run(byte[] input) {
        DEFECT.set(null);
        POOL.publish(true);
        long creditedBefore = POOL.creditedUnits();
        int start = 0;
        for (int i = 0; i <= input.length; i++) {
            if (i == input.length || (input[i] >= PUBLISH && input[i] <= END_OF_READ)) {
                feed(Arrays.copyOfRange(input, start, i));
                start = i + 1;
                if (i < input.length) {
                    turn(input[i]);
                }
            }
        }
        POOL.settle();
        hear();
        boolean stayed = channel.isOpen();
        Check.that(stayed || channel.outboundMessages().isEmpty(), "the end is the end");
        var _ = channel.close();
        POOL.passMillis(5_000);
        var defect = DEFECT.getAndSet(null);
        if (defect != null) {
            throw new IllegalStateException("a defect was told", defect);
        }
        judge(stayed, POOL.creditedUnits() - creditedBefore);
        return stayed;
    }

    private void feed(byte[] bytes) {
        if (bytes.length == 0 || !channel.isOpen()) {
            return;
        }
        remember(bytes);
        channel.writeInbound(Unpooled.wrappedBuffer(bytes));
        hear();
    }

    private void turn(byte what) {
        turns++;
        switch (what) {
            case PUBLISH -> POOL.publish(false);
            case NEW_TIP -> POOL.publish(true);
            case PASS -> POOL.passMillis(5_000);
            case WITHDRAW -> POOL.withdraw();
            case SETTLE -> POOL.settle();
            default -> {}
        }
        hear();
    }

    /// What a decoder of our own makes of the lines that are whole now.
    private void remember(byte[] bytes) {
        partial.append(new String(bytes, ISO_8859_1));
        int end = partial.indexOf("\n");
        while (end >= 0 && !isMalformed) {
            var line = partial.substring(0, end).getBytes(ISO_8859_1);
            partial = new StringBuilder(partial.substring(end + 1));
            try {
                var request = decoder.decode(line, 0, line.length);
                requests.add(
                        new Request(
                                idOf(request, line),
                                request.isAnswered(),
                                request instanceof Submit));
            } catch (MalformedMessage ends) {
                isMalformed = true;
            }
            end = partial.indexOf("\n");
        }
    }

    /// A request without an id is answered, if at all, with null.
    private static String idOf(V1Request request, byte[] line) {
        return request.idLength() == 0
                ? "null"
                : new String(line, request.idOffset(), request.idLength(), ISO_8859_1);
    }

    private void hear() {
        for (ByteBuf sent = channel.readOutbound(); sent != null; sent = channel.readOutbound()) {
            sentBytes += sent.readableBytes();
            for (var line : sent.toString(ISO_8859_1).lines().toList()) {
                if (!line.contains("\"method\":") && line.startsWith("{\"id\":")) {
                    replies.add(line);
                }
            }
            sent.release();
        }
    }

    private void judge(boolean stayed, long credited) {
        long acknowledged = 0;
        for (var request : requests) {
            if (!request.isAnswered) {
                continue;
            }
            var reply = replies.poll();
            if (reply == null) {
                // What comes after the end is not read, and what is still on its way to disk not
                // told.
                Check.that(!stayed, "a request was not answered");
                break;
            }
            Check.that(
                    reply.startsWith("{\"id\":" + request.id + ","), "a reply is out of its turn");
            acknowledged += request.isSubmit && reply.contains("\"result\":true") ? 1 : 0;
        }
        Check.that(replies.isEmpty(), "a reply answers no request");
        // Where the connection has ended, what was taken is credited although nobody hears it.
        Check.that(
                stayed ? credited == acknowledged : credited >= acknowledged,
                "credit without a share");
        Check.that(
                sentBytes <= (requests.size() + turns + 2L) * MOST_BYTES_A_LINE,
                "much comes of little");
    }

    private static SimulatedPool pool() {
        var appender =
                new AppenderBase<ILoggingEvent>() {
                    @Override
                    protected void append(ILoggingEvent event) {
                        if (event.getLevel().isGreaterOrEqual(Level.ERROR)) {
                            DEFECT.set(new AssertionError(told(event)));
                        }
                    }
                };
        appender.start();
        log().addAppender(appender);
        try {
            return new SimulatedPool(Files.createTempDirectory("fuzz"), ANY);
        } catch (IOException cannot) {
            throw new UncheckedIOException(cannot);
        }
    }

    private static String told(ILoggingEvent event) {
        var thrown = event.getThrowableProxy();
        return event.getFormattedMessage() + (thrown == null ? "" : ": " + thrown.getMessage());
    }

    private static Logger log() {
        return (Logger) LoggerFactory.getLogger("adit");
    }
}
