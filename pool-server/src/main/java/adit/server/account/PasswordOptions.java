package adit.server.account;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

/// What a miner wishes by its password, as in `x,d=1024`: the only use a pool has for one.
///
/// `d` or `diff` is the difficulty to start at and the floor below it; `md` the floor alone; `fd` or
/// `static` a fixed difficulty; `th` the miner's hashrate in TH/s, from which the first difficulty follows.
/// The first of several wins. Everything else, and every number that is not
/// a finite positive one, is ignored: a password never makes a login fail and is never logged.
///
/// **Limits:** the first [#MAX_CHARS] characters are read.
public record PasswordOptions(
        @Nullable BigDecimal startDifficulty,
        @Nullable BigDecimal minimumDifficulty,
        @Nullable BigDecimal fixedDifficulty,
        @Nullable BigDecimal terahashesPerSecond) {

    public static final PasswordOptions NONE = new PasswordOptions(null, null, null, null);

    private static final int MAX_CHARS = 256;
    private static final int MAX_NUMBER_CHARS = 32;

    public static PasswordOptions parse(String password) {
        var read = password.substring(0, Math.min(password.length(), MAX_CHARS));
        @Nullable BigDecimal start = null;
        @Nullable BigDecimal minimum = null;
        @Nullable BigDecimal fixed = null;
        @Nullable BigDecimal terahashes = null;
        for (var option : read.toLowerCase(Locale.ROOT).split("[,;& ]", -1)) {
            int equals = option.indexOf('=');
            if (equals < 0) {
                continue;
            }
            var value = number(option.substring(equals + 1)).orElse(null);
            switch (option.substring(0, equals)) {
                case "d", "diff" -> start = start == null ? value : start;
                case "md" -> minimum = minimum == null ? value : minimum;
                case "fd", "static" -> fixed = fixed == null ? value : fixed;
                case "th" -> terahashes = terahashes == null ? value : terahashes;
                default -> {}
            }
        }
        return new PasswordOptions(start, minimum, fixed, terahashes);
    }

    /// A number as people write it: a finite positive decimal, else empty.
    static Optional<BigDecimal> number(String text) {
        if (text.isEmpty() || text.length() > MAX_NUMBER_CHARS) {
            return Optional.empty();
        }
        for (int i = 0; i < text.length(); i++) {
            if ("0123456789.e+-".indexOf(text.charAt(i)) < 0) {
                return Optional.empty();
            }
        }
        try {
            var number = new BigDecimal(text);
            // An exponent of hundreds is a probe, not a wish; refusing it here keeps later
            // arithmetic small.
            boolean sane =
                    number.signum() > 0 && Math.abs((long) number.scale()) <= MAX_NUMBER_CHARS;
            return sane ? Optional.of(number) : Optional.empty();
        } catch (NumberFormatException notANumber) {
            return Optional.empty();
        }
    }
}
