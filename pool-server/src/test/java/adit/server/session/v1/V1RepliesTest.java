package adit.server.session.v1;

import java.util.TreeSet;
import java.util.regex.Pattern;

import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;

import adit.server.channel.Verdict;
import adit.stratum.v1.V1Error;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

final class V1RepliesTest {

    private static final Pattern TEXT = Pattern.compile("\"error\":\\[-?\\d+,\"([^\"]+)\",null]");

    @Test
    void saysOneOfFewSentences() {
        var texts = new TreeSet<String>();
        texts.add(V1Error.NOT_SUBSCRIBED.text());
        texts.add(V1Error.UNAUTHORIZED.text());
        for (var verdict : Verdict.values()) {
            var out = Unpooled.buffer();
            V1Replies.write(out, verdict, new byte[] {'7'}, 0, 1);
            var text = TEXT.matcher(out.toString(US_ASCII));
            assertThat(text.find()).isEqualTo(verdict != Verdict.ACCEPTED);
            if (verdict != Verdict.ACCEPTED) {
                texts.add(text.group(1));
            }
        }

        assertThat(texts).hasSizeLessThanOrEqualTo(10);
    }
}
