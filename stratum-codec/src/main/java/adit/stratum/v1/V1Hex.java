package adit.stratum.v1;

import java.util.Arrays;

import io.netty.buffer.ByteBuf;

import static java.nio.charset.StandardCharsets.US_ASCII;

/// Hex as it goes over the wire, and the previous hash with its swapped words.
///
/// Digits of either case are read, lower-case ones are written. Nothing is trimmed, and only ASCII digits count.
///
/// **Spec:** the previous hash travels with each 4-byte word of its internal form reversed, a legacy of getwork;
/// merkle branches and coinbase parts travel as they are hashed.
public final class V1Hex {
    /// A job id is written with at least this many digits, so that all ids of a connection look alike.
    public static final int JOB_ID_DIGITS = 10;

    static final int NOT_HEX = -1;

    private static final int HASH_BYTES = 32;
    private static final byte[] DIGITS = "0123456789abcdef".getBytes(US_ASCII);
    private static final byte[] VALUES = values();

    private V1Hex() {}

    /// With how many digits we write a job id. An id that came back with another number of digits isn't ours.
    public static int jobIdDigits(long jobId) {
        return Math.max(JOB_ID_DIGITS, (Long.SIZE - Long.numberOfLeadingZeros(jobId) + 3) / 4);
    }

    /// The internal form of a previous hash with its words swapped, and back: the two are each other's inverse.
    public static byte[] swapWords(byte[] hash) {
        Check.that(hash.length == HASH_BYTES, "a previous hash has 32 bytes");
        var swapped = new byte[HASH_BYTES];
        for (int i = 0; i < HASH_BYTES; i++) {
            swapped[i] = hash[i ^ 3];
        }
        return swapped;
    }

    /// The value of one digit, or [#NOT_HEX].
    static int digit(byte c) {
        return VALUES[c & 0xff];
    }

    static int digit(char c) {
        return c < 0x80 ? VALUES[c] : NOT_HEX;
    }

    /// The number written with 1 to 8 digits, or [#NOT_HEX] as a negative long.
    static long number(String hex) {
        int length = hex.length();
        if (length == 0 || length > 8) {
            return NOT_HEX;
        }
        long value = 0;
        for (int i = 0; i < length; i++) {
            int digit = digit(hex.charAt(i));
            if (digit < 0) {
                return NOT_HEX;
            }
            value = value << 4 | digit;
        }
        return value;
    }

    /// Decodes an even number of digits into the target and tells how many bytes they made, or [#NOT_HEX] where
    /// they are odd, no digits, or more than the target holds.
    static int bytes(String hex, byte[] target) {
        int length = hex.length();
        if ((length & 1) != 0 || length >> 1 > target.length) {
            return NOT_HEX;
        }
        for (int i = 0; i < length; i += 2) {
            int high = digit(hex.charAt(i));
            int low = digit(hex.charAt(i + 1));
            if ((high | low) < 0) {
                return NOT_HEX;
            }
            target[i >> 1] = (byte) (high << 4 | low);
        }
        return length >> 1;
    }

    /// Whether the text is a job id as we write them: a lower-case number that fits a long.
    static boolean isJobId(String hex) {
        if (hex.isEmpty() || hex.length() > 16) {
            return false;
        }
        for (int i = 0; i < hex.length(); i++) {
            char c = hex.charAt(i);
            if (digit(c) < 0 || (c >= 'A' && c <= 'F')) {
                return false;
            }
        }
        return true;
    }

    static void put(ByteBuf out, byte[] bytes) {
        put(out, bytes, 0, bytes.length);
    }

    static void put(ByteBuf out, byte[] bytes, int offset, int length) {
        out.ensureWritable(2 * length);
        for (int i = offset; i < offset + length; i++) {
            out.writeByte(DIGITS[bytes[i] >> 4 & 0xf]);
            out.writeByte(DIGITS[bytes[i] & 0xf]);
        }
    }

    static void putNumber(ByteBuf out, long value, int digits) {
        for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) {
            out.writeByte(DIGITS[(int) (value >>> shift) & 0xf]);
        }
    }

    static void putJobId(ByteBuf out, long jobId) {
        putNumber(out, jobId, jobIdDigits(jobId));
    }

    private static byte[] values() {
        var values = new byte[256];
        Arrays.fill(values, (byte) NOT_HEX);
        for (int i = 0; i < 16; i++) {
            values[DIGITS[i]] = (byte) i;
            values[Character.toUpperCase((char) DIGITS[i])] = (byte) i;
        }
        return values;
    }
}
