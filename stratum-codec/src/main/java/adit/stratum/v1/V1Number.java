package adit.stratum.v1;

import java.math.BigDecimal;

import org.jspecify.annotations.Nullable;

/// A difficulty as peers write it: a JSON number, or one in quotes.
///
/// **Limits:** what comes out lies between 1e-30 and 1e30 or is zero or negative, so that nobody has to expand
/// the zeros of `1e1000000`.
final class V1Number {
    private static final int MAX_CHARACTERS = 64;
    private static final int MAX_EXPONENT = 30;

    private V1Number() {}

    /// Null where the text is no decimal number; `Infinity`, `0x1p4` and `16d` are none.
    static @Nullable BigDecimal decimal(String text) {
        if (text.isEmpty() || text.length() > MAX_CHARACTERS) {
            return null;
        }
        int exponentAt = indexOfExponent(text);
        String mantissa = text.substring(0, exponentAt);
        if (!isPlain(mantissa)) {
            return null;
        }
        int exponent = 0;
        if (exponentAt < text.length()) {
            String digits = text.substring(exponentAt + 1);
            boolean isSigned = digits.startsWith("-") || digits.startsWith("+");
            boolean isNegative = digits.startsWith("-");
            digits = isSigned ? digits.substring(1) : digits;
            if (!isDigits(digits)) {
                return null;
            }
            int magnitude = magnitude(digits);
            exponent = isNegative ? -magnitude : magnitude;
        }
        return bounded(new BigDecimal(mantissa), exponent);
    }

    private static BigDecimal bounded(BigDecimal mantissa, int exponent) {
        if (mantissa.signum() == 0) {
            return BigDecimal.ZERO;
        }
        int order = mantissa.precision() - mantissa.scale() - 1 + exponent;
        if (order >= MAX_EXPONENT || order < -MAX_EXPONENT) {
            int edge = order < 0 ? -MAX_EXPONENT : MAX_EXPONENT;
            return BigDecimal.valueOf(mantissa.signum()).scaleByPowerOfTen(edge);
        }
        return mantissa.scaleByPowerOfTen(exponent);
    }

    /// An exponent of five digits and more is as good as one of four.
    private static int magnitude(String digits) {
        int value = 0;
        for (int i = 0; i < digits.length(); i++) {
            value = Math.min(9_999, 10 * value + digits.charAt(i) - '0');
        }
        return value;
    }

    private static int indexOfExponent(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) == 'e' || text.charAt(i) == 'E') {
                return i;
            }
        }
        return text.length();
    }

    private static boolean isPlain(String mantissa) {
        String unsigned = mantissa.startsWith("-") ? mantissa.substring(1) : mantissa;
        int point = unsigned.indexOf('.');
        return point < 0
                ? isDigits(unsigned)
                : isDigits(unsigned.substring(0, point)) && isDigits(unsigned.substring(point + 1));
    }

    static boolean isDigits(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return !text.isEmpty();
    }
}
