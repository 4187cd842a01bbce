package adit.server.source;

import java.net.InetAddress;
import java.net.UnknownHostException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

final class SourceAddressTest {

    @ParameterizedTest
    @CsvSource({
        "203.0.113.7, 203.0.113.7",
        "255.255.255.255, 255.255.255.255",
        "::ffff:203.0.113.7, 203.0.113.7",
        "2001:db8:1:2:3:4:5:6, 2001:db8:1:2::/64",
        "2001:db8::1, 2001:db8:0:0::/64",
        "::1, 0:0:0:0::/64",
    })
    void isAnAddressOrTheSubnetOfOneCustomer(String address, String source)
            throws UnknownHostException {
        var parsed = SourceAddress.of(InetAddress.getByName(address));

        assertThat(parsed).hasToString(source);
        assertThat(SourceAddress.parse(source)).contains(parsed);
    }

    @Test
    void isTheSameForNeighboursInOneSubnetAlone() throws UnknownHostException {
        var one = SourceAddress.of(InetAddress.getByName("2001:db8:1:2::1"));

        assertThat(SourceAddress.of(InetAddress.getByName("2001:db8:1:2:ffff::9"))).isEqualTo(one);
        assertThat(SourceAddress.of(InetAddress.getByName("2001:db8:1:3::1"))).isNotEqualTo(one);
        assertThat(SourceAddress.parse("2001:db8:1:2::77")).contains(one);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "localhost",
                "203.0.113",
                "203.0.113.256",
                "203.0.113.7/64",
                "dead.beef",
                "2001:db8::1%lo",
                "1:2",
                "203.0.113.7 "
            })
    void asksNoNameServer(String text) {
        assertThat(SourceAddress.parse(text)).isEmpty();
    }
}
