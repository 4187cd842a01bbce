package adit.server.source;

import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

import ch.qos.logback.classic.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import adit.server.metrics.EventLog;
import adit.server.metrics.LoggedLines;

import static org.assertj.core.api.Assertions.assertThat;

final class RefusedLoginsTest {

    private final LoggedLines logged = new LoggedLines(Level.INFO);
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1_000_000);
    private final RefusedLogins logins = new RefusedLogins(new EventLog(), nanos::get);

    @AfterEach
    void stopListening() {
        logged.close();
    }

    @Test
    void saysWhoGaveWhatAndWhyItWasRefused() {
        tell("203.0.113.7", "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5.rig1");

        assertThat(lines())
                .containsExactly(
                        "A login from 203.0.113.7 was refused; its name begins with 'bc1qw508d6qe' and has 47 characters: mistyped");
    }

    @Test
    void tellsLittleOfWhatMayBeASecretAndNothingThatForgesALine() {
        tell("203.0.113.7", "KwDiBf89QgGbjEhKnhXJuH7LrciVrZi3qYjgd9M7rFU73sVHnoWn");
        tell("203.0.113.8", "a\n\u001bERROR");
        tell("203.0.113.9", "");

        assertThat(lines())
                .satisfiesExactly(
                        line -> assertThat(line).contains("'KwDi' and has 52"),
                        line -> assertThat(line).contains("'a??E' and has 8"),
                        line -> assertThat(line).contains("'' and has 0"));
    }

    @Test
    void tellsOfASourceOnceInTenMinutes() {
        tell("2001:db8::1", "a");
        tell("2001:db8::2", "b");
        nanos.addAndGet(RefusedLogins.AGAIN_NANOS - 1);
        tell("2001:db8::1", "c");
        assertThat(lines()).hasSize(1);

        nanos.incrementAndGet();
        tell("2001:db8::1", "d");
        assertThat(lines()).hasSize(2);
    }

    @Test
    void tellsSoManyInAll() {
        for (int i = 0; i < 200; i++) {
            tell("203.0.113." + i, "a");
        }
        assertThat(lines()).hasSize(RefusedLogins.BURST);

        nanos.addAndGet(6_000_000_000L);
        tell("198.51.100.1", "a");
        tell("198.51.100.2", "a");
        assertThat(lines()).hasSize(RefusedLogins.BURST + 1);
    }

    private void tell(String address, String name) {
        logins.tell(InetAddress.ofLiteral(address), name, "mistyped");
    }

    private List<String> lines() {
        return logged.saying("A login from ");
    }
}
