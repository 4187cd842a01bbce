package adit.server.source;

import java.net.InetAddress;
import java.net.InetSocketAddress;

import io.netty.channel.Channel;
import io.netty.util.AttributeKey;

/// Who is at the other end of a connection: whom a proxy of ours speaks for, otherwise the peer of its socket.
///
/// Only a connection through a proxy carries a note of it; all others cost nothing.
public final class ClientAddress {

    private static final AttributeKey<InetAddress> SPOKEN_FOR =
            AttributeKey.valueOf(ClientAddress.class, "spoken-for");

    private ClientAddress() {}

    /// A proxy has said whose connection this is.
    public static void note(Channel connection, InetAddress client) {
        connection.attr(SPOKEN_FOR).set(client);
    }

    public static InetAddress of(Channel connection) {
        if (connection.hasAttr(SPOKEN_FOR)) {
            return connection.attr(SPOKEN_FOR).get();
        }
        return connection.remoteAddress() instanceof InetSocketAddress remote
                ? remote.getAddress()
                : InetAddress.getLoopbackAddress();
    }
}
