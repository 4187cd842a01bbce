package adit.server.net;

import java.net.InetSocketAddress;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;

/// The socket a port listens with: one of its own, or one that another process has handed over.
///
/// @param descriptor of the one handed over, else [#OWN]
public record ListeningSocket(InetSocketAddress address, int descriptor) {

    private static final int OWN = -1;

    public static ListeningSocket at(InetSocketAddress address) {
        return new ListeningSocket(address, OWN);
    }

    ChannelFuture open(Bootstrap bootstrap, Class<? extends ServerChannel> kind) {
        return descriptor == OWN
                ? bootstrap.channel(kind).bind(address)
                : bootstrap
                        .channelFactory(() -> new EpollServerSocketChannel(descriptor))
                        .register();
    }
}
