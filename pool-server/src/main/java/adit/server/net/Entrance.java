package adit.server.net;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.function.BiFunction;

import io.netty.channel.ChannelHandler;
import org.jspecify.annotations.Nullable;

import adit.server.config.Cidr;
import adit.server.config.PoolConfig.Entry;
import adit.server.config.PoolConfig.Transport;

/// What a listener does with those who come to it.
///
/// @param name the listener's
/// @param pool the pool's name, for people who come with a browser
/// @param certificates what TLS is spoken with; null where it is not
/// @param v1 makes the session of a V1 connection, from its event loop's room
public record Entrance<R>(
        String name,
        String pool,
        Entry entry,
        @Nullable Certificates certificates,
        BiFunction<R, Arrival, ChannelHandler> v1) {

    public Entrance {
        if (entry.transport() != Transport.PLAIN && certificates == null) {
            throw new IllegalArgumentException("TLS without a certificate");
        }
    }

    boolean isProxy(InetSocketAddress peer) {
        List<Cidr> proxies = entry.proxyProtocolFrom();
        for (var proxy : proxies) {
            if (proxy.contains(peer.getAddress())) {
                return true;
            }
        }
        return false;
    }

    /// Whether anything can be spoken on this port: where that is TLS alone, not before the certificate is there.
    boolean mayOpen() {
        return speaksPlain() || speaksTls();
    }

    /// What its start line says of TLS; empty where none is spoken.
    String tls() {
        var transport = entry.transport();
        if (transport == Transport.PLAIN || certificates == null) {
            return "";
        }
        var also = transport == Transport.AUTO ? "plain and TLS" : "TLS";
        return certificates.isReady()
                ? "%s, certificate valid until %s".formatted(also, certificates.validUntil())
                : "plain, and TLS as soon as there is a certificate";
    }

    boolean speaksTls() {
        return entry.transport() != Transport.PLAIN
                && certificates != null
                && certificates.isReady();
    }

    boolean speaksPlain() {
        return entry.transport() != Transport.TLS;
    }
}
