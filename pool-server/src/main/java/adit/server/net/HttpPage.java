package adit.server.net;

import java.net.InetSocketAddress;
import java.util.regex.Pattern;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.util.NetUtil;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

/// The answer to an HTTP request on a mining port: a page for people; and for old miners, which ask for work by POST
/// (getwork), an error they print and a header that names where Stratum is spoken. Those read the header of a 200
/// alone, so that is what they get.
///
/// @param pool the pool's name
record HttpPage(String pool) {

    private static final String POST = "POST ";

    /// The host as the caller wrote it, which may be the only name by which it reaches us.
    private static final Pattern HOST =
            Pattern.compile(
                    "\r?\nhost:[ \t]*([0-9a-z.-]{1,253}|\\[[0-9a-f:.]{2,45}])(:[0-9]{1,5})?[ \t]*\r?\n",
                    Pattern.CASE_INSENSITIVE);

    /// @param request what came of it
    /// @param local where the caller came in
    ByteBuf answer(ByteBuf request, String scheme, InetSocketAddress local) {
        var url = scheme + "://" + hostAndPort(request, local);
        int length = Math.min(POST.length(), request.readableBytes());
        boolean asksForWork =
                request.toString(request.readerIndex(), length, ISO_8859_1).equals(POST);
        var body = (asksForWork ? error(url) : page(url)).getBytes(UTF_8);
        var head =
                """
                HTTP/1.1 200 OK\r
                Content-Type: %s\r
                Content-Length: %d\r
                Connection: close\r
                X-Stratum: %s\r
                \r
                """
                        .formatted(
                                asksForWork ? "application/json" : "text/html; charset=utf-8",
                                body.length,
                                url);
        return Unpooled.wrappedBuffer(head.getBytes(UTF_8), body);
    }

    private String page(String url) {
        return """
        <!doctype html><meta charset="utf-8"><title>%1$s</title>
        <h1>%1$s</h1>
        <p>This port speaks Stratum, for miners. Point one at <code>%2$s</code> with your Bitcoin address as \
        the user name, and after a dot any name for the machine. The password may stay empty.</p>
        """
                .formatted(escaped(pool), url);
    }

    private static String error(String url) {
        return """
        {"id":0,"result":null,"error":{"code":-32601,\
        "message":"This port speaks Stratum and no getwork: point the miner at %s"}}
        """
                .formatted(url);
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
