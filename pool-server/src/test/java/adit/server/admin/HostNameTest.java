package adit.server.admin;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class HostNameTest {
    @Test
    void leavesOutThePort() {
        assertThat(HostName.of("pool.example:8080")).isEqualTo("pool.example");
        assertThat(HostName.of("10.0.0.7")).isEqualTo("10.0.0.7");
        assertThat(HostName.of("[2001:db8::1]:8080")).isEqualTo("[2001:db8::1]");
    }

    @Test
    void repeatsNothingThatIsNoName() {
        assertThat(HostName.of(null)).isEqualTo("localhost");
        assertThat(HostName.of("")).isEqualTo("localhost");
        assertThat(HostName.of("a b")).isEqualTo("localhost");
        assertThat(HostName.of("evil\"><script>")).isEqualTo("localhost");
        assertThat(HostName.of("a".repeat(254))).isEqualTo("localhost");
    }
}
