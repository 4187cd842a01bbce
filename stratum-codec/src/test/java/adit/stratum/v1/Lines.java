package adit.stratum.v1;

import java.util.function.Consumer;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

import adit.stratum.MalformedMessage;

import static java.nio.charset.StandardCharsets.UTF_8;

/// Short ways to write and read one line in a test.
final class Lines {
    static final byte[] ID = "{\"id\":7}".getBytes(UTF_8);

    private Lines() {}

    static String written(Consumer<ByteBuf> encoder) {
        var out = Unpooled.buffer();
        encoder.accept(out);
        return out.toString(UTF_8);
    }

    static V1Request request(String text) throws MalformedMessage {
        var line = text.getBytes(UTF_8);
        return new V1Decoder().decode(line, 0, line.length);
    }

    static V1ServerMessage message(String text) throws MalformedMessage {
        var line = text.getBytes(UTF_8);
        return new V1ServerDecoder().decode(line, 0, line.length);
    }
}
