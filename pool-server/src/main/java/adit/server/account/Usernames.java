package adit.server.account;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

/// How one pool reads usernames.
///
/// ```text
/// ( ADDRESS | NAME | ADDRESS~SPLIT | NAME~SPLIT | ~SPLIT ) [ (. | _ | :) worker ] [ (+ | /) difficulty ]
/// ```
/// An address or a split's name ends at the first of `. _ : ~ + /`, none of which occurs in one; an
/// account's name may hold `_`, which ends none there. `+N` and `/N` are difficulty wishes, never a worker
/// name. Firmware that percent-encodes its separators is read as if it had not, and a name cut short by
/// firmware keeps its address.
///
/// **Limits:** the worker part holds at most [#MAX_WORKER_CHARS] of `A-Z a-z 0-9 _ . : @ + ~ -`, and does
/// not begin with `~`, which the books keep for splits.
public final class Usernames {

    static final int MAX_WORKER_CHARS = 64;
    private static final int MAX_CHARS = 255;
    private static final String AFTER_ADDRESS = "._:~+/";
    private static final String AFTER_NAME = ".:~+/";

    private final String network;
    private final boolean takesNames;
    private final Map<String, Split> splits = new HashMap<>();

    /// @param takesNames whether a name without an address is an account
    public Usernames(String network, boolean takesNames, List<Split> splits) {
        this.network = network;
        this.takesNames = takesNames;
        splits.forEach(split -> this.splits.put(split.name(), split));
    }

    public MinerName.Parsed parse(String username) {
        var text = withoutPercentCodes(username);
        if (text.length() > MAX_CHARS) {
            return refused("Username too long: use ADDRESS.WORKER");
        }
        if (text.chars().anyMatch(Usernames::isBlank)) {
            return refused(
                    "Username holds a blank or an invisible character: take it out, at the ends too");
        }
        if (text.startsWith("~")) {
            return divided(null, text.substring(1));
        }
        int end = end(text, AFTER_ADDRESS);
        var address = PayoutAddress.parse(text.substring(0, end), network);
        if (address.isPresent()) {
            return account(Account.of(address.get()), text.substring(end));
        }
        int nameEnd = end(text, AFTER_NAME);
        var name = text.substring(0, nameEnd);
        if (takesNames && Account.isName(name)) {
            return account(new Account(name, null), text.substring(nameEnd));
        }
        return refused(whyNot(text.substring(0, end)));
    }

    private String whyNot(String first) {
        var reason =
                PayoutAddress.whyNot(first, network)
                        .orElseGet(() ->
                                "Username must be a %s address, which begins with %s, then .WORKER"
                                        .formatted(network, PayoutAddress.example(network)));
        return takesNames
                ? reason + "; or an account name, 3 to 24 of a-z, 0-9, _ and -, a letter first"
                : reason;
    }

    private MinerName.Parsed account(Account account, String rest) {
        return rest.startsWith("~")
                ? divided(account, rest.substring(1))
                : rest(account.name(), Payees.of(account), rest);
    }

    private MinerName.Parsed divided(@Nullable Account miner, String text) {
        int end = end(text, AFTER_ADDRESS);
        var split = splits.get(text.substring(0, end));
        if (split == null) {
            return refused("This pool has no split of that name");
        }
        if (miner == null && split.minersParts() > 0) {
            return refused("A part of this split is yours: use ADDRESS~" + split.name());
        }
        if (miner != null && split.minersParts() == 0) {
            return refused(
                    "No part of this split is yours: use ~" + split.name() + " without an address");
        }
        var credited = (miner == null ? "" : miner.name()) + "~" + split.name();
        return rest(credited, split.payees(miner), text.substring(end));
    }

    private static MinerName.Parsed rest(String miner, Payees payees, String rest) {
        if (rest.isEmpty()) {
            return valid(new MinerName(miner, payees, "", null));
        }
        var behind = rest.substring(1);
        return switch (rest.charAt(0)) {
            case '+', '/' ->
                    PasswordOptions.number(behind)
                            .map(d -> valid(new MinerName(miner, payees, "", d)))
                            .orElseGet(() ->
                                    refused(
                                            "After + or / comes a difficulty and nothing else, like"
                                                    + " ADDRESS+4096; beside a worker's name"
                                                    + " put it into the password, like d=4096"));
            case '~' -> refused("A username names one split at most");
            default -> worker(miner, payees, behind);
        };
    }

    private static MinerName.Parsed worker(String miner, Payees payees, String worker) {
        if (worker.length() > MAX_WORKER_CHARS) {
            return refused("Worker name longer than " + MAX_WORKER_CHARS + " characters");
        }
        if (!worker.chars().allMatch(Usernames::isWorkerChar)) {
            return refused("Worker name may only hold letters, digits and _.:@+~-");
        }
        if (worker.startsWith("~")) {
            return refused("Worker name may not begin with ~");
        }
        return valid(new MinerName(miner, payees, worker, null));
    }

    private static MinerName.Parsed valid(MinerName name) {
        return new MinerName.Parsed.Valid(name);
    }

    private static MinerName.Parsed refused(String reason) {
        return new MinerName.Parsed.Refused(reason);
    }

    private static int end(String text, String separators) {
        for (int i = 0; i < text.length(); i++) {
            if (separators.indexOf(text.charAt(i)) >= 0) {
                return i;
            }
        }
        return text.length();
    }

    /// What a person does not see who pastes it.
    private static boolean isBlank(int c) {
        return Character.isWhitespace(c)
                || Character.isSpaceChar(c)
                || Character.isISOControl(c)
                || Character.getType(c) == Character.FORMAT;
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
