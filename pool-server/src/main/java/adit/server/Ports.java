package adit.server;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import adit.server.admin.PoolSnapshot;
import adit.server.config.PoolConfig;
import adit.server.net.ListeningSocket;
import adit.server.net.StratumListener;
import adit.server.takeover.HandedOver;

/// The ports of the pool for miners: closed and opened, handed over and shown together.
///
/// **Owner:** any thread.
final class Ports {

    private final List<StratumListener> listeners = new CopyOnWriteArrayList<>();

    /// Not after all were closed or handed over: then a port that waited opens with the others.
    private volatile boolean mayOpen = true;

    void add(StratumListener listener) {
        listeners.add(listener);
    }

    List<PoolSnapshot.Listener> shown() {
        return listeners.stream().map(Ports::shown).toList();
    }

    void close() {
        mayOpen = false;
        listeners.forEach(StratumListener::close);
    }

    /// Opens those that were closed.
    void reopen() {
        listeners.forEach(StratumListener::reopen);
        // Last: until then who waited for a certificate must not open them too.
        mayOpen = true;
    }

    /// Opens those that waited for a certificate.
    ///
    /// @return which
    List<StratumListener> openWaiting() {
        if (!mayOpen) {
            return List.of();
        }
        var waiting = listeners.stream().filter(listener -> !listener.isOpen()).toList();
        waiting.forEach(StratumListener::reopen);
        if (!mayOpen) {
            // All were closed meanwhile, perhaps before these were open.
            waiting.forEach(StratumListener::close);
        }
        return waiting.stream().filter(StratumListener::isOpen).toList();
    }

    /// Accepts nobody for the time being, and names the sockets that are open.
    List<HandedOver.Port> handOver() {
        mayOpen = false;
        listeners.forEach(listener -> listener.accept(false));
        return listeners.stream()
                .filter(StratumListener::isOpen)
                .map(listener ->
                        new HandedOver.Port(
                                listener.configured().getHostString(),
                                listener.address().getPort(),
                                listener.descriptor()))
                .toList();
    }

    /// Accepts as before.
    void goOn() {
        reopen();
        listeners.forEach(listener -> listener.accept(true));
    }

    /// The socket handed over for a listener of the configuration, or a new one.
    static ListeningSocket socket(PoolConfig.Listener listener, HandedOver handed) {
        var address = new InetSocketAddress(listener.address(), listener.port());
        return handed.ports().stream()
                .filter(port -> port.host().equals(address.getHostString()))
                .filter(port -> port.port() == address.getPort())
                .findFirst()
                .map(port -> new ListeningSocket(address, port.descriptor()))
                .orElseGet(() -> ListeningSocket.at(address));
    }

    private static PoolSnapshot.Listener shown(StratumListener listener) {
        return new PoolSnapshot.Listener(
                listener.name(), listener.address(), listener.isAccepting());
    }
}
