package adit.server.net;

import java.net.InetSocketAddress;
import java.util.regex.Pattern;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.util.NetUtil;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

/// The answer to an HTTP request on a mining port: a page for people, and a header for old miners that look
/// for Stratum by asking for work over HTTP.
///
/// @param pool the pool's name
record HttpPage(String pool) {

    /// The host as the caller wrote it, which may be the only name by which it reaches us.
    private static final Pattern HOST =
            Pattern.compile(
                    "\r?\nhost:[ \t]*([0-9a-z.-]{1,253}|\\[[0-9a-f:.]{2,45}])(:[0-9]{1,5})?[ \t]*\r?\n",
                    Pattern.CASE_INSENSITIVE);

    /// @param request what came of it
    /// @param local where the caller came in
    ByteBuf answer(ByteBuf request, String scheme, InetSocketAddress local) {
        var url = scheme + "://" + hostAndPort(request, local);
        var body =
                """
                <!doctype html><meta charset="utf-8"><title>%1$s</title>
                <h1>%1$s</h1>
                <p>This port speaks Stratum, for miners. Point one at <code>%2$s</code> with your Bitcoin address as \
                the user name, and after a dot any name for the machine. The password may stay empty.</p>
                """
                        .formatted(escaped(pool), url)
                        .getBytes(UTF_8);
        var head =
                """
                HTTP/1.1 200 OK\r
                Content-Type: text/html; charset=utf-8\r
                Content-Length: %d\r
                Connection: close\r
                X-Stratum: %s\r
                \r
                """
                        .formatted(body.length, url);
        return Unpooled.wrappedBuffer(head.getBytes(UTF_8), body);
    }

    private static String hostAndPort(ByteBuf request, InetSocketAddress local) {
        var host = HOST.matcher(new String(ByteBufUtil.getBytes(request), ISO_8859_1));
        if (!host.find()) {
            return NetUtil.toSocketAddressString(local);
        }
        return host.group(1) + (host.group(2) == null ? ":" + local.getPort() : host.group(2));
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
