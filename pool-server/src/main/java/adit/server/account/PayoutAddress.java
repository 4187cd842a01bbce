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

    /// The address, or empty where the text is not payable on this network.
    ///
    /// @param network `mainnet`, `testnet4`, `signet` or `regtest`
    public static Optional<PayoutAddress> parse(String text, String network) {
        if (mixesCase(text)) {
            return Optional.empty();
        }
        try {
            var address = AddressParser.getDefault(bitcoinj(network)).parseAddress(text);
            if (address instanceof SegwitAddress segwit
                    && segwit.getWitnessVersion() > TAPROOT_WITNESS_VERSION) {
                return Optional.empty();
            }
            return Optional.of(new PayoutAddress(canonical(address), script(address)));
        } catch (AddressFormatException notPayableHere) {
            return Optional.empty();
        }
    }

    /// What an address of this network begins with, for the line that refuses another one.
    public static String example(String network) {
        return switch (bitcoinj(network)) {
            case MAINNET -> "bc1q…, bc1p…, 1… or 3…";
            case TESTNET, SIGNET -> "tb1q…, tb1p…, m…, n… or 2…";
            case REGTEST -> "bcrt1q…, bcrt1p…, m…, n… or 2…";
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

    private static String canonical(Address address) {
        return address.toString();
    }

    private static byte[] script(Address address) {
        return ScriptBuilder.createOutputScript(address).program();
    }

    /// Bech32 is all lower or all upper case; base58 legitimately mixes.
    private static boolean mixesCase(String text) {
        var lower = text.toLowerCase(Locale.ROOT);
        boolean bech32 =
                lower.startsWith("bc1") || lower.startsWith("tb1") || lower.startsWith("bcrt1");
        return bech32 && !text.equals(lower) && !text.equals(text.toUpperCase(Locale.ROOT));
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
