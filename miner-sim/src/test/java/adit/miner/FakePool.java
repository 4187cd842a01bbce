package adit.miner;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;

import adit.pow.Difficulty;
import adit.stratum.MalformedMessage;
import adit.stratum.v1.Submit;
import adit.stratum.v1.V1Decoder;
import adit.stratum.v1.V1Encoder;
import adit.stratum.v1.V1Error;
import adit.stratum.v1.V1Extension;
import adit.stratum.v1.V1Notify;
import adit.stratum.v1.V1Request;

/// A pool that a test plays itself, line by line, over a real socket and on the test's own thread.
final class FakePool implements AutoCloseable {
    static final byte[] PREFIX = {(byte) 0xa1, (byte) 0xb2, (byte) 0xc3, (byte) 0xd4};
    static final int EXTRANONCE_BYTES = 8;

    private static final int DEADLINE_MILLIS = 30_000;

    private final ServerSocket listening;

    private FakePool(ServerSocket listening) {
        this.listening = listening;
    }

    /// @param port 0 for any
    static FakePool open(int port) throws IOException {
        var socket = new ServerSocket();
        socket.setReuseAddress(true);
        socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        socket.setSoTimeout(DEADLINE_MILLIS);
        return new FakePool(socket);
    }

    URI uri() {
        return URI.create("stratum+tcp://127.0.0.1:" + listening.getLocalPort());
    }

    InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), listening.getLocalPort());
    }

    Connection accept() throws IOException {
        var socket = listening.accept();
        socket.setSoTimeout(DEADLINE_MILLIS);
        socket.setTcpNoDelay(true);
        return new Connection(socket);
    }

    @Override
    public void close() throws IOException {
        listening.close();
    }

    /// A request and the id to answer it with.
    record Asked<T extends V1Request>(byte[] id, T request) {}

    /// A submit that outlives its line.
    record Submitted(
            byte[] id,
            long jobId,
            byte[] extranonce,
            int ntime,
            int nonce,
            boolean hasVersionBits,
            int versionBits) {}

    /// One miner's connection.
    static final class Connection implements AutoCloseable {
        private final Socket socket;
        private final InputStream in;
        private final V1Decoder decoder = new V1Decoder();

        private Connection(Socket socket) throws IOException {
            this.socket = socket;
            in = new BufferedInputStream(socket.getInputStream());
        }

        /// Lets a miner in that introduces itself as ours does, granting it the mask it asked for.
        Connection letIn(String sessionId) {
            var configure = asked(V1Request.Configure.class);
            var subscribe = asked(V1Request.Subscribe.class);
            var authorize = asked(V1Request.Authorize.class);
            grant(configure, V1Session.VERSION_MASK);
            grant(subscribe, sessionId);
            grant(authorize);
            return this;
        }

        void grant(Asked<V1Request.Configure> configure, int mask) {
            List<V1Extension> extensions = configure.request().extensions();
            send(out ->
                    V1Encoder.configureResult(
                            out,
                            configure.id(),
                            0,
                            configure.id().length,
                            extensions,
                            mask,
                            false));
        }

        void grant(Asked<V1Request.Subscribe> subscribe, String sessionId) {
            send(out ->
                    V1Encoder.subscribeResult(
                            out,
                            subscribe.id(),
                            0,
                            subscribe.id().length,
                            sessionId,
                            PREFIX,
                            EXTRANONCE_BYTES));
        }

        void grant(Asked<?> request) {
            send(out -> V1Encoder.resultTrue(out, request.id(), 0, request.id().length));
        }

        void refuse(Asked<?> request, V1Error error) {
            send(out ->
                    V1Encoder.refused(
                            out, request.id(), 0, request.id().length, error, error.text()));
        }

        void work(long difficultyUnits, V1Notify job) {
            setDifficulty(difficultyUnits);
            send(out -> V1Encoder.notify(out, job));
        }

        void setDifficulty(long units) {
            send(out -> V1Encoder.setDifficulty(out, Difficulty.decimal(units)));
        }

        void accept(Submitted submitted) {
            send(out -> V1Encoder.resultTrue(out, submitted.id(), 0, submitted.id().length));
        }

        void reject(Submitted submitted, V1Error error) {
            send(out ->
                    V1Encoder.error(
                            out, submitted.id(), 0, submitted.id().length, error, error.text()));
        }

        void send(Consumer<ByteBuf> message) {
            var out = Unpooled.buffer();
            message.accept(out);
            try {
                socket.getOutputStream().write(ByteBufUtil.getBytes(out));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /// The next request, which must be of this kind.
        <T extends V1Request> Asked<T> asked(Class<T> kind) {
            var line = line();
            var request = decode(line);
            return new Asked<>(id(line, request), kind.cast(request));
        }

        /// The next submit, which is accepted.
        Submitted accepted() {
            var submitted = submitted();
            accept(submitted);
            return submitted;
        }

        /// The next line, which must be a submit; it is left without an answer.
        Submitted submitted() {
            var line = line();
            return copy(line, (Submit) decode(line));
        }

        /// Pings the miner, accepts all it has sent before it answers, and tells how many those were: whatever was
        /// sent before the ping has taken effect now.
        int settle() {
            send(out -> V1Encoder.ping(out, 42));
            for (int submits = 0; ; submits++) {
                var line = line();
                var request = decode(line);
                if (request instanceof V1Request.Reply) {
                    return submits;
                }
                accept(copy(line, (Submit) request));
            }
        }

        /// Reads until the miner closes the connection.
        void awaitEnd() throws IOException {
            try {
                in.transferTo(OutputStream.nullOutputStream());
            } catch (SocketException _) {
                // A reset ends a connection too.
                return;
            }
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }

        private byte[] line() {
            var bytes = new ByteArrayOutputStream();
            try {
                for (int b = in.read(); b != '\n'; b = in.read()) {
                    if (b < 0) {
                        throw new EOFException("the miner left");
                    }
                    bytes.write(b);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return bytes.toByteArray();
        }

        private V1Request decode(byte[] line) {
            try {
                return decoder.decode(line, 0, line.length);
            } catch (MalformedMessage e) {
                throw new AssertionError("a malformed line from the miner", e);
            }
        }

        private static byte[] id(byte[] line, V1Request request) {
            return Arrays.copyOfRange(
                    line, request.idOffset(), request.idOffset() + request.idLength());
        }

        private static Submitted copy(byte[] line, Submit submit) {
            return new Submitted(
                    id(line, submit),
                    submit.jobId(),
                    Arrays.copyOf(submit.extranonce(), submit.extranonceLength()),
                    submit.ntime(),
                    submit.nonce(),
                    submit.hasVersionBits(),
                    submit.versionBits());
        }
    }
}
