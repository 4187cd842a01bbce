package adit.node;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.util.HexFormat;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.zeromq.SocketType;
import org.zeromq.ZContext;

import adit.pow.Hash;

import static org.assertj.core.api.Assertions.assertThat;

@Timeout(60)
class HashBlockSubscriberTest {

    private static final Hash TIP = Hash.ofContent(new byte[] {7});
    private static final int SECONDS = 50;
    private static final int SECONDS_OF_A_GREETING = 20;

    @Test
    void listensOnAfterWhoeverIsToldHasFailed() throws InterruptedException {
        var told = new AtomicInteger();
        var again = new CountDownLatch(1);
        try (var context = new ZContext();
                var publisher = context.createSocket(SocketType.PUB)) {
            int port = publisher.bindToRandomPort("tcp://127.0.0.1");
            try (var subscriber =
                    new HashBlockSubscriber(
                            "node",
                            URI.create("tcp://127.0.0.1:" + port),
                            hash -> {
                                assertThat(hash).isEqualTo(TIP);
                                if (told.incrementAndGet() == 1) {
                                    throw new IllegalStateException("a defect");
                                }
                                again.countDown();
                            })) {
                subscriber.start();
                // Who subscribes hears nothing of before, so it is said again and again.
                for (int i = 0; i < SECONDS * 10; i++) {
                    publisher.sendMore("hashblock");
                    publisher.sendMore(displayBytes());
                    publisher.send(new byte[4]);
                    if (again.await(100, TimeUnit.MILLISECONDS)) {
                        break;
                    }
                }
            }
        }
        assertThat(told).hasValueGreaterThanOrEqualTo(2);
    }

    @Test
    void beginsAgainWhereAGreetingStandsStill() throws Exception {
        try (var silent = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
                var subscriber =
                        new HashBlockSubscriber(
                                "node",
                                URI.create("tcp://127.0.0.1:" + silent.getLocalPort()),
                                _ -> {})) {
            // Left alone, the library waits for half a minute.
            silent.setSoTimeout(SECONDS_OF_A_GREETING * 1_000);
            subscriber.start();
            try (var first = silent.accept();
                    var second = silent.accept()) {
                assertThat(second.getPort()).isNotEqualTo(first.getPort());
            }
        }
    }

    private static byte[] displayBytes() {
        return HexFormat.of().parseHex(TIP.displayHex());
    }
}
