package adit.server.config;

import java.net.InetAddress;
import java.net.UnknownHostException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

final class CidrTest {

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.255.255.255, 11.0.0.0",
        "192.0.2.128/25, 192.0.2.255, 192.0.2.127",
        "192.0.2.7, 192.0.2.7, 192.0.2.6",
        "2001:db8::/33, 2001:db8:7fff::1, 2001:db8:8000::1",
        "::1, ::1, ::2",
        "0.0.0.0/0, 255.1.2.3, ::",
        "::/0, 2001::1, 0.0.0.0",
    })
    void containsWhatBeginsWithItsBits(String range, String inside, String outside)
            throws UnknownHostException {
        var cidr = Cidr.parse(range).orElseThrow();
        assertThat(cidr.contains(InetAddress.getByName(inside))).isTrue();
        assertThat(cidr.contains(InetAddress.getByName(outside))).isFalse();
        assertThat(Cidr.parse(cidr.toString())).contains(cidr);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "10.0.0.0/",
                "/8",
                "10.0.0.0/33",
                "::/129",
                "10.0.0.1/8",
                "10.0.0.0/-1",
                "10.0.0/8",
                "example.org",
                "fe80::1%eth0",
                "10.0.0.0/8/8",
                "10.0.0.0/٨",
            })
    void refusesWhatIsNoRange(String text) {
        assertThat(Cidr.parse(text)).isEmpty();
    }

    @Test
    void takesAMappedAddressForWhatItIs() throws UnknownHostException {
        var mapped = InetAddress.getByName("::ffff:10.1.2.3");
        assertThat(Cidr.parse("10.0.0.0/8").orElseThrow().contains(mapped)).isTrue();
    }
}
