package adit.server.account;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

import org.bitcoinj.base.Address;
import org.bitcoinj.base.AddressParser;
import org.bitcoinj.base.BitcoinNetwork;
import org.bitcoinj.base.SegwitAddress;
import org.bitcoinj.base.exceptions.AddressFormatException;
import org.bitcoinj.script.ScriptBuilder;

/// A Bitcoin address that can be paid on one network: its canonical text and its output script.
///
/// **Invariant:** two texts of one script (upper-case and lower-case bech32) give one canonical text.
/// Witness versions above 1 are refused: nobody could spend such a payout safely today.
///
/// **Spec:** BIP 173, BIP 350, base58check.
public record PayoutAddress(String text, byte[] script) {

    private static final int TAPROOT_WITNESS_VERSION = 1;
    private static final int LEAST_BASE58_CHARS = 26;
    private static final int MOST_BASE58_CHARS = 35;

    /// The address, or empty where the text is not payable on this network.
    ///
    /// @param network `mainnet`, `testnet4`, `signet` or `regtest`
    public static Optional<PayoutAddress> parse(String text, String network) {
        if (mixesCase(text)) {
            return Optional.empty();
        }
        return read(text, bitcoinj(network))
                .filter(address -> !hasUnknownVersion(address))
                .map(address -> new PayoutAddress(canonical(address), script(address)));
    }

    /// Why [#parse] refused a text, in words for the person who typed it; empty where it looks like no address. Never
    /// repeats the text: it may be a private key.
    public static Optional<String> whyNot(String text, String network) {
        if (mixesCase(text)) {
            return Optional.of(
                    "This address mixes capital and small letters: copy it again, all of it");
        }
        var home = homeOf(text);
        if (home.filter(PayoutAddress::hasUnknownVersion).isPresent()) {
            return Optional.of(
                    "This pool cannot pay to witness versions above 1: give another address");
        }
        if (home.isPresent()) {
            return Optional.of(
                    "This address belongs to %s; this pool mines %s"
                            .formatted(networksOf(home.get()), network));
        }
        return looksLikeOne(text)
                ? Optional.of("This address is mistyped or cut short: copy it again, all of it")
                : Optional.empty();
    }

    /// What an address of this network begins with, for the line that refuses another one.
    public static String example(String network) {
        return switch (bitcoinj(network)) {
            case MAINNET -> "bc1q, bc1p, 1 or 3";
            case TESTNET, SIGNET -> "tb1q, tb1p, m, n or 2";
            case REGTEST -> "bcrt1q, bcrt1p, m, n or 2";
        };
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PayoutAddress that
                && text.equals(that.text)
                && Arrays.equals(script, that.script);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }

    /// The address on whichever network it is one.
    private static Optional<Address> homeOf(String text) {
        return Arrays.stream(BitcoinNetwork.values())
                .map(network -> read(text, network))
                .flatMap(Optional::stream)
                .findFirst();
    }

    /// Asks for the form that the beginning promises: to have the other refused first costs an exception at
    /// every login.
    private static Optional<Address> read(String text, BitcoinNetwork network) {
        var hrp = network.segwitAddressHrp() + "1";
        boolean isSegwit = text.regionMatches(true, 0, hrp, 0, hrp.length());
        try {
            return Optional.of(
                    isSegwit
                            ? SegwitAddress.fromBech32(text, network)
                            : AddressParser.getDefault(network).parseAddress(text));
        } catch (AddressFormatException notThere) {
            return Optional.empty();
        }
    }

    /// The networks share their prefixes: who sees an address cannot always tell one.
    private static String networksOf(Address address) {
        boolean segwit = address instanceof SegwitAddress;
        return switch ((BitcoinNetwork) address.network()) {
            case MAINNET -> "mainnet";
            case TESTNET, SIGNET -> segwit ? "testnet or signet" : "a test network";
            case REGTEST -> segwit ? "regtest" : "a test network";
        };
    }

    private static boolean looksLikeOne(String text) {
        boolean base58 =
                text.length() >= LEAST_BASE58_CHARS
                        && text.length() <= MOST_BASE58_CHARS
                        && "123mn".indexOf(text.charAt(0)) >= 0;
        return base58 || hasBech32Prefix(text.toLowerCase(Locale.ROOT));
    }

    private static boolean hasUnknownVersion(Address address) {
        return address instanceof SegwitAddress segwit
                && segwit.getWitnessVersion() > TAPROOT_WITNESS_VERSION;
    }

    private static String canonical(Address address) {
        return address.toString();
    }

    private static byte[] script(Address address) {
        return ScriptBuilder.createOutputScript(address).program();
    }

    /// Bech32 is all lower or all upper case; base58 legitimately mixes.
    private static boolean mixesCase(String text) {
        var lower = text.toLowerCase(Locale.ROOT);
        return hasBech32Prefix(lower)
                && !text.equals(lower)
                && !text.equals(text.toUpperCase(Locale.ROOT));
    }

    static boolean hasBech32Prefix(String lower) {
        return lower.startsWith("bc1") || lower.startsWith("tb1") || lower.startsWith("bcrt1");
    }

    private static BitcoinNetwork bitcoinj(String network) {
        return switch (network) {
            case "mainnet" -> BitcoinNetwork.MAINNET;
            case "testnet4" -> BitcoinNetwork.TESTNET;
            case "signet" -> BitcoinNetwork.SIGNET;
            case "regtest" -> BitcoinNetwork.REGTEST;
            default -> throw new IllegalArgumentException("unknown network " + network);
        };
    }
}
