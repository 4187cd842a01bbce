package adit.miner;

import java.net.URI;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

final class MinerSettingsTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "stratum+tcp://pool.example",
                "stratum+ssl://pool.example:3333",
                "http://pool.example:3333",
                "pool.example:3333",
                "stratum+tcp:/x"
            })
    void refusesAPlaceThatIsNoPool(String uri) {
        assertThatThrownBy(() -> MinerSettings.honest(URI.create(uri), "addr", 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("stratum+tcp://host:port");
    }

    @Test
    void takesAnAddressOfTheSixthVersion() {
        var settings = MinerSettings.honest(URI.create("stratum+tcp://[::1]:3333"), "addr", 9);

        assertThat(settings.pool().getPort()).isEqualTo(3333);
    }
}
