package adit.server.account;

import java.util.Optional;

import org.jspecify.annotations.Nullable;

/// Somebody who is credited: a payout address, or a name that has no address yet.
///
/// Journal and books keep the name alone, for it tells which of the two it is: a name has 3 to 24 of
/// `a-z 0-9 _ -`, the first a letter, and no bech32 prefix. No address of any Bitcoin network reads so, and
/// neither does most of one: base58 has at least 26 characters and capitals among them. So a mistyped
/// address is refused and never opens an account.
///
/// **Invariant:** what is credited to a name can be paid once it has an address, and not before.
///
/// @param address null where there is none yet
public record Account(String name, @Nullable PayoutAddress address) {

    private static final int LEAST_CHARS = 3;
    private static final int MOST_CHARS = 24;

    static Account of(PayoutAddress address) {
        return new Account(address.text(), address);
    }

    /// What stands for an account in the books of a pool on this network, or empty.
    public static Optional<Account> parse(String text, String network) {
        return PayoutAddress.parse(text, network)
                .map(Account::of)
                .or(() -> isName(text) ? Optional.of(new Account(text, null)) : Optional.empty());
    }

    static boolean isName(String text) {
        return text.length() >= LEAST_CHARS
                && text.length() <= MOST_CHARS
                && isLetter(text.charAt(0))
                && text.chars().allMatch(Account::isNameChar)
                && !PayoutAddress.hasBech32Prefix(text);
    }

    private static boolean isNameChar(int c) {
        return isLetter(c) || (c >= '0' && c <= '9') || c == '_' || c == '-';
    }

    private static boolean isLetter(int c) {
        return c >= 'a' && c <= 'z';
    }
}
