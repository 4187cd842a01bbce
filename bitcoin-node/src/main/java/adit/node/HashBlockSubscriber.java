package adit.node;

import java.net.URI;
import java.util.HexFormat;
import java.util.function.Consumer;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;

import adit.pow.Hash;

/// The subscription to one node's ZMQ `hashblock` announcements.
///
/// Announcements are hints: a lost one is made up for by the long poll and the next look at the node, a false one by
/// asking the node for the header. The library connects again by itself.
///
/// **Owner:** its own platform thread, because the library waits in a selector, which would hold a carrier of
/// virtual threads.
///
/// **Spec:** Bitcoin Core doc/zmq.md: topic, hash in display order, counter.
final class HashBlockSubscriber implements AutoCloseable {
    private static final String TOPIC = "hashblock";
    private static final int LOOK_UP_MILLIS = 250;
    private static final int RECONNECT_MILLIS = 100;
    private static final int RECONNECT_MAX_MILLIS = 5_000;
    private static final int HEARTBEAT_MILLIS = 10_000;

    /// Of a hundred greetings between the library and a publisher up to four come to a standstill; left alone it waits
    /// half a minute before it begins again. The heartbeat watches what comes later, and with a publisher that
    /// does not know it the system's keep-alive.
    private static final int HANDSHAKE_MILLIS = 2_000;

    private static final Logger LOG = LoggerFactory.getLogger(HashBlockSubscriber.class);
    private static final long AGAIN_MILLIS = 1_000;

    private final String node;
    private final URI address;
    private final Consumer<Hash> announced;
    private final Thread thread;
    private volatile boolean closed;

    HashBlockSubscriber(String node, URI address, Consumer<Hash> announced) {
        this.node = node;
        this.address = address;
        this.announced = announced;
        this.thread =
                Thread.ofPlatform().daemon().name("node-" + node + "-zmq").unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    @Override
    public void close() {
        closed = true;
    }

    private void run() {
        while (!closed) {
            try {
                listen();
            } catch (RuntimeException e) {
                // Of many kinds: the library's own, where the system has no file left, or
                // of whoever is told. The thread must outlive them all, or announcements
                // would end without a word; the long poll makes up for what is lost
                // meanwhile.
                LOG.debug("announcements of node {}", node, e);
                rest();
            }
        }
    }

    private void rest() {
        try {
            Thread.sleep(AGAIN_MILLIS);
        } catch (InterruptedException ending) {
            closed = true;
        }
    }

    private void listen() {
        try (var context = new ZContext();
                var socket = context.createSocket(SocketType.SUB)) {
            socket.setLinger(0);
            socket.setReceiveTimeOut(LOOK_UP_MILLIS);
            socket.setReconnectIVL(RECONNECT_MILLIS);
            socket.setReconnectIVLMax(RECONNECT_MAX_MILLIS);
            socket.setTCPKeepAlive(1);
            socket.setTCPKeepAliveIdle(KeepAlive.IDLE_SECONDS);
            socket.setTCPKeepAliveInterval(KeepAlive.INTERVAL_SECONDS);
            socket.setTCPKeepAliveCount(KeepAlive.COUNT);
            socket.setHandshakeIvl(HANDSHAKE_MILLIS);
            socket.setHeartbeatIvl(HEARTBEAT_MILLIS);
            socket.setHeartbeatTimeout(HEARTBEAT_MILLIS);
            socket.subscribe(TOPIC);
            socket.connect(address.toString());
            while (!closed) {
                receive(socket);
            }
        }
    }

    private void receive(ZMQ.Socket socket) {
        var topic = socket.recv();
        if (topic == null) {
            return;
        }
        var hash = socket.hasReceiveMore() ? socket.recv() : null;
        while (socket.hasReceiveMore()) {
            socket.recv();
        }
        if (hash != null && hash.length == Hash.BYTES) {
            announced.accept(Hash.fromDisplayHex(HexFormat.of().formatHex(hash)));
        }
    }
}
