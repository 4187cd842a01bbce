package adit.server.net;

import java.util.function.BiFunction;

import io.netty.channel.ChannelHandler;

/// What a listener does with those who come to it.
///
/// @param name the listener's
/// @param pool the pool's name, for people who come with a browser
/// @param v1 makes the session of a V1 connection, from its event loop's room
public record Entrance<R>(String name, String pool, BiFunction<R, Arrival, ChannelHandler> v1) {}
