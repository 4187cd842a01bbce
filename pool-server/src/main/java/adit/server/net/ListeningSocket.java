package adit.server.net;

import java.net.InetSocketAddress;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
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

    ChannelFuture open(ServerBootstrap bootstrap, Class<? extends ServerChannel> kind) {
        if (descriptor == OWN) {
            return bootstrap.clone().channel(kind).bind(address);
        }
        // It has listened all the time, so connections wait in it: none may be taken before there
        // is a handler.
        var opened =
                bootstrap
                        .clone()
                        .channelFactory(() -> new EpollServerSocketChannel(descriptor))
                        .option(ChannelOption.AUTO_READ, false)
                        .register()
                        .awaitUninterruptibly();
        if (!opened.isSuccess()) {
            return opened;
        }
        var channel = opened.channel();
        channel.eventLoop().execute(() -> channel.config().setAutoRead(true));
        return opened;
    }
}
