package adit.server.account;

import java.math.BigDecimal;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

/// A username taken apart: whom to pay and which rig it was.
///
/// ```text
/// address [ (. | _ | :) worker ] [ (+ | /) difficulty ]
/// ```
/// The address ends at the first of `. _ : ~ + /`, none of which occurs in one. `+N` and `/N` are
/// difficulty wishes, never a worker name. Firmware that percent-encodes its separators is read as
/// if it had not, and a name cut short by firmware keeps its address.
///
/// **Limits:** the worker part holds at most [#MAX_WORKER_CHARS] of `A-Z a-z 0-9 _ . : @ + ~ -`.
public record MinerName(
        PayoutAddress address, String worker, @Nullable BigDecimal wishedDifficulty) {

    public static final int MAX_WORKER_CHARS = 64;
    private static final int MAX_CHARS = 255;

    /// Either a name, or the reason it was refused in words for the person at the machine.
    public sealed interface Parsed {
        record Valid(MinerName name) implements Parsed {}

        record Refused(String reason) implements Parsed {}
    }

    public static Parsed parse(String username, String network) {
        var text = withoutPercentCodes(username);
        if (text.length() > MAX_CHARS) {
            return new Parsed.Refused("Username too long: use ADDRESS.WORKER");
        }
        int end = addressEnd(text);
        var address = PayoutAddress.parse(text.substring(0, end), network);
        if (address.isEmpty()) {
            return new Parsed.Refused(
                    "Username must be a %s address that can be paid (%s), then .WORKER"
                            .formatted(network, PayoutAddress.example(network)));
        }
        if (end == text.length()) {
            return new Parsed.Valid(new MinerName(address.get(), "", null));
        }
        var rest = text.substring(end + 1);
        return switch (text.charAt(end)) {
            case '+', '/' -> wish(address.get(), rest);
            case '~' -> new Parsed.Refused("This pool has no split named in your username");
            default -> worker(address.get(), rest);
        };
    }

    /// The account's name in the ledger.
    public String account() {
        return address.text();
    }

    private static Parsed wish(PayoutAddress address, String number) {
        return PasswordOptions.difficulty(number)
                .<Parsed>map(d -> new Parsed.Valid(new MinerName(address, "", d)))
                .orElseGet(() ->
                        new Parsed.Refused(
                                "After + or / a username carries a difficulty, like"
                                        + " ADDRESS+4096"));
    }

    private static Parsed worker(PayoutAddress address, String worker) {
        if (worker.length() > MAX_WORKER_CHARS) {
            return new Parsed.Refused(
                    "Worker name longer than " + MAX_WORKER_CHARS + " characters");
        }
        if (!worker.chars().allMatch(MinerName::isWorkerChar)) {
            return new Parsed.Refused("Worker name may only hold letters, digits and _.:@+~-");
        }
        return new Parsed.Valid(new MinerName(address, worker, null));
    }

    private static int addressEnd(String text) {
        for (int i = 0; i < text.length(); i++) {
            if ("._:~+/".indexOf(text.charAt(i)) >= 0) {
                return i;
            }
        }
        return text.length();
    }

    private static boolean isWorkerChar(int c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || "_.:@+~-".indexOf(c) >= 0;
    }

    private static String withoutPercentCodes(String text) {
        if (text.indexOf('%') < 0) {
            return text;
        }
        var plain = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            var code = percentCode(text, i);
            plain.append(code.map(c -> (char) (int) c).orElse(text.charAt(i)));
            i += code.isPresent() ? 2 : 0;
        }
        return plain.toString();
    }

    private static Optional<Integer> percentCode(String text, int at) {
        if (text.charAt(at) != '%' || at + 2 >= text.length()) {
            return Optional.empty();
        }
        int high = Character.digit(text.charAt(at + 1), 16);
        int low = Character.digit(text.charAt(at + 2), 16);
        return high < 0 || low < 0 ? Optional.empty() : Optional.of(high << 4 | low);
    }
}
