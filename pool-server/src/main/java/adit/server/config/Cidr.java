package adit.server.config;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.Optional;

import io.netty.util.NetUtil;

/// A range of IP addresses, such as `10.0.0.0/8` or `2001:db8::/32`.
///
/// **Invariant:** bits of `address` beyond the first `prefix` are 0.
public record Cidr(byte[] address, int prefix) {

    /// Reads a range, or a single address; names are not looked up.
    public static Optional<Cidr> parse(String text) {
        int slash = text.indexOf('/');
        var address =
                NetUtil.createByteArrayFromIpAddressString(
                        slash < 0 ? text : text.substring(0, slash));
        if (address == null || text.contains("%")) {
            return Optional.empty();
        }
        var digits = slash < 0 ? "" + address.length * 8 : text.substring(slash + 1);
        if (!digits.matches("[0-9]{1,3}") || Integer.parseInt(digits) > address.length * 8) {
            return Optional.empty();
        }
        var range = new Cidr(address, Integer.parseInt(digits));
        return range.isWithout(address) ? Optional.of(range) : Optional.empty();
    }

    public boolean contains(InetAddress other) {
        var bytes = other.getAddress();
        if (bytes.length != address.length) {
            return false;
        }
        for (int bit = 0; bit < prefix; bit++) {
            if (isSet(bytes, bit) != isSet(address, bit)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Cidr range
                && prefix == range.prefix
                && Arrays.equals(address, range.address);
    }

    @Override
    public int hashCode() {
        return 31 * prefix + Arrays.hashCode(address);
    }

    @Override
    public String toString() {
        return NetUtil.bytesToIpAddress(address) + "/" + prefix;
    }

    private boolean isWithout(byte[] bytes) {
        for (int bit = prefix; bit < bytes.length * 8; bit++) {
            if (isSet(bytes, bit)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isSet(byte[] bytes, int bit) {
        return (bytes[bit / 8] >> (7 - bit % 8) & 1) == 1;
    }
}
