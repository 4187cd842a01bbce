package adit.miner.swarm;

import java.nio.ByteBuffer;

import static java.nio.charset.StandardCharsets.US_ASCII;

/// One `mining.submit` line, written once for a job and sent again and again with other digits: a new id, a
/// new extranonce2 and new version bits each time.
///
/// ```
/// {"id":10000000,"method":"mining.submit","params":["name","job","00000000000001c8","65f0…","00000000","00e4…"]}
///       idOffset                                    extranonceOffset                              bitsOffset
/// ```
final class SubmitLine {

    static final long FIRST_ID = 10_000_000;
    private static final long LAST_ID = 99_999_999;
    private static final byte[] DIGITS = "0123456789abcdef".getBytes(US_ASCII);
    private static final String BEFORE_ID = "{\"id\":";

    private final byte[] bytes;
    private final int idOffset;
    private final int extranonceOffset;
    private final int extranonceDigits;
    private final int bitsOffset;
    private final int mask;
    private final int maskShift;

    /// @param mask the version bits to vary; 0 sends five parameters
    SubmitLine(String user, PoolJob job, int extranonceBytes, int mask) {
        var head =
                BEFORE_ID
                        + FIRST_ID
                        + ",\"method\":\"mining.submit\",\"params\":[\""
                        + user
                        + "\",\""
                        + job.id()
                        + "\",\"";
        var behind = "\",\"" + job.ntime() + "\",\"00000000\"";
        var whole = head + "00".repeat(extranonceBytes) + behind;
        this.idOffset = BEFORE_ID.length();
        this.extranonceOffset = head.length();
        this.extranonceDigits = 2 * extranonceBytes;
        this.bitsOffset = whole.length() + 2;
        this.mask = mask;
        this.maskShift = Integer.numberOfTrailingZeros(mask);
        this.bytes = (whole + (mask == 0 ? "]}\n" : ",\"00000000\"]}\n")).getBytes(US_ASCII);
    }

    int length() {
        return bytes.length;
    }

    /// Writes the line for the share with this number.
    void writeTo(ByteBuffer out, long number) {
        long id = FIRST_ID + number % (LAST_ID - FIRST_ID + 1);
        for (int i = idOffset + 7; i >= idOffset; i--) {
            bytes[i] = (byte) ('0' + id % 10);
            id /= 10;
        }
        hex(number, extranonceOffset, extranonceDigits);
        if (mask != 0) {
            hex(((number << maskShift) & mask) & 0xffff_ffffL, bitsOffset, 8);
        }
        out.put(bytes);
    }

    private void hex(long value, int offset, int digits) {
        long left = value;
        for (int i = offset + digits - 1; i >= offset; i--) {
            bytes[i] = DIGITS[(int) left & 0xf];
            left >>>= 4;
        }
    }
}
