package adit.node.embedded;

import java.net.URI;

import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;

import adit.pow.Hash;

/// The ZeroMQ socket that announces each new tip, as Bitcoin Core's `-zmqpubhashblock` does.
///
/// A message has three parts: the topic, the block hash in display order, and a counter, little-endian.
///
/// **Owner:** the one thread that publishes; it is bound before that thread first uses it.
public final class HashBlockPublisher implements AutoCloseable {
    private static final String TOPIC = "hashblock";

    private final ZContext context = new ZContext();
    private final ZMQ.Socket socket;
    private final URI endpoint;
    private int counter;

    private HashBlockPublisher(int port) {
        socket = context.createSocket(SocketType.PUB);
        socket.setLinger(0);
        if (!socket.bind("tcp://127.0.0.1:" + (port == 0 ? "*" : port))) {
            throw new ChainUnavailable("cannot bind the block announcements to port " + port);
        }
        endpoint = URI.create(socket.getLastEndpoint());
    }

    public static HashBlockPublisher bind(int port) {
        try {
            return new HashBlockPublisher(port);
        } catch (org.zeromq.ZMQException e) {
            throw new ChainUnavailable("cannot bind the block announcements to port " + port, e);
        }
    }

    public URI endpoint() {
        return endpoint;
    }

    public void publish(Hash tip) {
        socket.sendMore(TOPIC);
        socket.sendMore(reversed(tip.bytes()));
        socket.send(new WireWriter().int32(counter++).toBytes());
    }

    @Override
    public void close() {
        context.close();
    }

    private static byte[] reversed(byte[] bytes) {
        var result = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            result[i] = bytes[bytes.length - 1 - i];
        }
        return result;
    }
}
