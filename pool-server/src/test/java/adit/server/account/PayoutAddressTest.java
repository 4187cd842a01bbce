package adit.server.account;

import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/// The cases of BIP 173 and BIP 350, base58check, and what we refuse beyond them.
final class PayoutAddressTest {

    private static final String P2WSH =
            "tb1qrp33g0q5c5txsp9arysrx4k6zdkfs4nce4xj0gdcccefvpysxf3q0sl5k7";

    @Test
    void knowsTheScriptOfEveryKindOfAddress() {
        var scripts =
                Map.of(
                        "BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4",
                        "0014751e76e8199196d454941c45d1b3a323f1433bd6",
                        "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0",
                        "512079be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798",
                        "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2",
                        "76a91477bff20c60e522dfaa3350c39b030a5d004e839a88ac",
                        "3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy",
                        "a914b472a266d0bd89c13706a4132ccfb16f7c3b9fcb87");

        scripts.forEach((address, script) -> {
            var parsed = PayoutAddress.parse(address, "mainnet").orElseThrow();
            assertThat(HexFormat.of().formatHex(parsed.script())).as(address).isEqualTo(script);
        });
        assertThat(PayoutAddress.parse(P2WSH, "testnet4")).isPresent();
    }

    @Test
    void writesOneAddressOneWay() {
        var lower = "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4";

        var parsed = PayoutAddress.parse(lower.toUpperCase(Locale.ROOT), "mainnet").orElseThrow();

        assertThat(parsed.text()).isEqualTo(lower);
        assertThat(parsed).isEqualTo(PayoutAddress.parse(lower, "mainnet").orElseThrow());
    }

    @Test
    void refusesWhatBip173And350CallInvalid() {
        for (var address :
                List.of(
                        // wrong human part, wrong checksum, wrong variant for the version
                        "tc1qw508d6qejxtdg4y5r3zarvary0c5xw7kg3g4ty",
                        "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5",
                        "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqh2y7hd",
                        "tb1z0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqglt7rf",
                        "BC1S0XLXVLHEMJA6C4DQV22UAPCTQUPFHLXM9H8Z3K2E72Q4K9HCZ7VQ54WELL",
                        "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kemeawh",
                        "tb1q0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vq24jc47",
                        // a character outside the alphabet, a version of 17, wrong lengths
                        "bc1p38j9r5y49hruaue7wxjce0updqjuyyx0kh56v8s25huc6995vvpql3jow4",
                        "BC130XLXVLHEMJA6C4DQV22UAPCTQUPFHLXM9H8Z3K2E72Q4K9HCZ7VQ7ZWS8R",
                        "bc1pw5dgrnzv",
                        "BC1QR508D6QEJXTDG4Y5R3ZARVARYV98GJ9P",
                        // mixed case, padding, an empty data part
                        "tb1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vq47Zagq",
                        "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7v07qwwzcrf",
                        "tb1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vpggkg4j",
                        "bc1gmk9yu",
                        "",
                        " ")) {
            for (var network : List.of("mainnet", "testnet4", "signet", "regtest")) {
                assertThat(PayoutAddress.parse(address, network))
                        .as("%s on %s", address, network)
                        .isEmpty();
            }
        }
    }

    @Test
    void refusesWitnessVersionsNobodyCanSpendYet() {
        for (var address :
                List.of(
                        "BC1SW50QGDZ25J",
                        "bc1zw508d6qejxtdg4y5r3zarvaryvaxxpcs",
                        "bc1pw508d6qejxtdg4y5r3zarvary0c5xw7kw508d6qejxtdg4y5r3zarvary0c5xw7kt5nd6y")) {
            assertThat(PayoutAddress.parse(address, "mainnet")).as(address).isEmpty();
        }
    }

    @Test
    void paysOnItsOwnNetworkOnly() {
        var addresses =
                Map.of(
                        "mainnet", "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4",
                        "testnet4", "tb1qw508d6qejxtdg4y5r3zarvary0c5xw7kxpjzsx",
                        "regtest", "bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080");

        addresses.forEach((home, address) ->
                addresses
                        .keySet()
                        .forEach(network ->
                                assertThat(PayoutAddress.parse(address, network).isPresent())
                                        .as("%s on %s", address, network)
                                        .isEqualTo(home.equals(network))));
        assertThat(PayoutAddress.parse("mrCDrCybB6J1vRfbwM5hemdJz73FwDBC8r", "mainnet")).isEmpty();
        assertThat(PayoutAddress.parse("mrCDrCybB6J1vRfbwM5hemdJz73FwDBC8r", "regtest"))
                .isPresent();
        assertThat(PayoutAddress.parse("tb1qw508d6qejxtdg4y5r3zarvary0c5xw7kxpjzsx", "signet"))
                .isPresent();
    }

    @Test
    void doesNotTouchTheCaseOfBase58() {
        assertThat(PayoutAddress.parse("1bvbmseystwetqtfn5au4m4gfg7xjanvn2", "mainnet")).isEmpty();
    }
}
