package adit.server.net;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.concurrent.locks.LockSupport;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/// The port that an authority asks at, and what else may come to it.
final class ChallengePageTest {

    private static final String PROOF = "token-1.thumbprint";
    private static final int NOT_LONG_MILLIS = 300;
    private static final int VERY_LONG_MILLIS = 60_000;

    private ChallengePage page;

    @BeforeEach
    void open() throws IOException {
        page = open(VERY_LONG_MILLIS);
    }

    @AfterEach
    void close() {
        page.close();
    }

    @Test
    void answersTheQuestionOfAnAuthorityHoweverItIsCut() {
        var question =
                "GET /.well-known/acme-challenge/token-1 HTTP/1.1\r\nHost: pool.example\r\n\r\n";
        try (var wire = connect(page)) {
            wire.send(question.getBytes(US_ASCII), 0, question.length());
            assertThat(wire.rest()).startsWith("HTTP/1.1 200 OK\r\n").endsWith("\r\n\r\n" + PROOF);
        }
        try (var wire = connect(page)) {
            for (int i = 0; i < question.length(); i++) {
                wire.send(question.getBytes(US_ASCII), i, 1);
            }
            assertThat(wire.rest()).endsWith(PROOF);
        }
    }

    @Test
    void hasNothingForAnybodyElse() {
        for (var line :
                new String[] {
                    "GET /.well-known/acme-challenge/token-2 HTTP/1.1",
                    "GET /.well-known/acme-challenge/ HTTP/1.1",
                    "GET /.well-known/acme-challenge/../token-1 HTTP/1.1",
                    "POST /.well-known/acme-challenge/token-1 HTTP/1.1",
                    "GET / HTTP/1.1",
                    "hello"
                }) {
            try (var wire = connect(page)) {
                wire.send(line + "\r\n\r");
                assertThat(wire.rest()).as(line).startsWith("HTTP/1.1 404 ").endsWith("\r\n\r\n");
            }
        }
    }

    @Test
    void readsNoMoreThanItNeeds() {
        try (var wire = connect(page)) {
            var endless = "GET / HTTP/1.1\r\nX: ".repeat(300).getBytes(US_ASCII);
            wire.send(endless, 0, endless.length);
            assertThat(wire.rest()).isEmpty();
        }
    }

    @Test
    void givesNobodyMoreThanHisTimeHoweverOftenHeSpeaks() throws IOException {
        try (var impatient = open(NOT_LONG_MILLIS);
                var silent = connect(impatient);
                var dripping = connect(impatient)) {
            while (dripping.send(new byte[] {'G'}, 0, 1)) {
                // Slowly, until it is hung up on.
                LockSupport.parkNanos(10_000_000);
            }
            assertThat(silent.rest()).isEmpty();
        }
    }

    @Test
    void closesWhoComesBeyondItsLimitAndServesAgainWhenOneIsGone() throws IOException {
        var held = new ArrayList<Wire>();
        try {
            for (int i = 0; i < ChallengePage.MOST_AT_ONCE; i++) {
                held.add(connect(page));
            }
            try (var oneMore = connect(page)) {
                assertThat(oneMore.rest()).isEmpty();
            }
            held.removeFirst().close();
            var question = "GET /.well-known/acme-challenge/token-1 HTTP/1.1\r\n\r";
            var answer = "";
            while (answer.isEmpty()) {
                try (var wire = connect(page)) {
                    wire.send(question);
                    answer = wire.rest();
                }
            }
            assertThat(answer).endsWith(PROOF);
        } finally {
            held.forEach(Wire::close);
        }
    }

    @Test
    void leavesNothingOpenWhenItEnds() throws IOException {
        var ended = open(VERY_LONG_MILLIS);
        int port = ended.port();
        try (var waiting = connect(ended)) {
            waiting.send("GET ".getBytes(US_ASCII), 0, 4);
            ended.close();
            assertThat(waiting.rest()).isEmpty();
        }
        assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), port).close())
                .isInstanceOf(IOException.class);
    }

    private static ChallengePage open(int patienceMillis) throws IOException {
        var page = new ChallengePage("127.0.0.1", 0, patienceMillis, InstantSource.system());
        page.put("token-1", PROOF);
        return page;
    }

    private static Wire connect(ChallengePage page) {
        return new Wire(new InetSocketAddress(InetAddress.getLoopbackAddress(), page.port()));
    }
}
