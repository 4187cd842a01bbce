package adit.server.source;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Optional;

/// What counts as one source: an IPv4 address, or the /64 that IPv6 gives to one customer.
///
/// @param isV6 whether `bits` are the upper half of an IPv6 address, else they are a whole IPv4 address
public record SourceAddress(boolean isV6, long bits) {

    private static final String SUBNET = "/64";
    private static final int V6_BYTES = 16;

    public static SourceAddress of(InetAddress address) {
        var bytes = ByteBuffer.wrap(address.getAddress());
        return address instanceof Inet4Address
                ? new SourceAddress(false, Integer.toUnsignedLong(bytes.getInt()))
                : new SourceAddress(true, bytes.getLong());
    }

    /// Reads what [#toString] writes, or an address within it; never asks a name server.
    public static Optional<SourceAddress> parse(String text) {
        var address = text.endsWith(SUBNET) ? text.substring(0, text.length() - 3) : text;
        boolean literal =
                address.indexOf(':') >= 0
                        ? address.chars().allMatch(c -> Character.digit(c, 16) >= 0 || c == ':')
                        : !text.endsWith(SUBNET) && isDotted(address);
        if (!literal) {
            return Optional.empty();
        }
        try {
            return Optional.of(of(InetAddress.getByName(address)));
        } catch (UnknownHostException no) {
            return Optional.empty();
        }
    }

    private static boolean isDotted(String text) {
        return text.chars().filter(c -> c == '.').count() == 3
                && text.chars().allMatch(c -> c == '.' || (c >= '0' && c <= '9'));
    }

    @Override
    public String toString() {
        try {
            if (!isV6) {
                var four = ByteBuffer.allocate(Integer.BYTES).putInt((int) bits);
                return InetAddress.getByAddress(four.array()).getHostAddress();
            }
            var sixteen = ByteBuffer.allocate(V6_BYTES).putLong(bits);
            var full = InetAddress.getByAddress(sixteen.array()).getHostAddress();
            return full.replaceFirst("(:0){4}$", "::") + SUBNET;
        } catch (UnknownHostException never) {
            throw new IllegalStateException("4 and 16 bytes are an address", never);
        }
    }
}
