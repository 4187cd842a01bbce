package adit.stratum.v1;

/// The strict reading of UTF-8, which the JSON parser doesn't give: it takes overlong forms and surrogates.
final class Utf8 {
    private Utf8() {}

    /// Whether the range is well-formed and free of control characters, save the blanks that JSON allows
    /// between tokens.
    static boolean isText(byte[] bytes, int offset, int length) {
        int end = offset + length;
        int at = offset;
        while (at < end) {
            int c = bytes[at];
            if (c >= 0x20) {
                at++;
            } else if (c >= 0) {
                if (c != '\t' && c != '\r' && c != '\n') {
                    return false;
                }
                at++;
            } else {
                int size = sequence(bytes, at, end);
                if (size == 0) {
                    return false;
                }
                at += size;
            }
        }
        return true;
    }

    /// The length of the multi-byte character at this place, 0 where there is none.
    private static int sequence(byte[] bytes, int at, int end) {
        int lead = bytes[at] & 0xff;
        int size = lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0;
        if (size == 0 || at + size > end) {
            return 0;
        }
        int point = lead & (0x7f >> size);
        for (int i = 1; i < size; i++) {
            int c = bytes[at + i];
            if ((c & 0xc0) != 0x80) {
                return 0;
            }
            point = point << 6 | (c & 0x3f);
        }
        boolean isOverlong = point < (size == 2 ? 0x80 : size == 3 ? 0x800 : 0x10000);
        boolean isSurrogate = point >= 0xd800 && point <= 0xdfff;
        return isOverlong || isSurrogate || point > 0x10ffff ? 0 : size;
    }

    /// Writes the text as UTF-8 and tells how many bytes it took, or -1 where it doesn't fit or holds half a
    /// surrogate pair.
    static int encode(String text, byte[] target) {
        int length = 0;
        for (int i = 0; i < text.length(); i++) {
            int point = text.codePointAt(i);
            int size = point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
            if ((point >= 0xd800 && point <= 0xdfff) || length + size > target.length) {
                return -1;
            }
            if (size == 1) {
                target[length] = (byte) point;
            } else {
                for (int k = size - 1; k > 0; k--) {
                    target[length + k] = (byte) (0x80 | (point & 0x3f));
                    point >>= 6;
                }
                target[length] = (byte) (0xf00 >> size | point);
            }
            length += size;
            i += size == 4 ? 1 : 0;
        }
        return length;
    }
}
