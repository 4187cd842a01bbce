package adit.server.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/// A table of mistakes in one good file, and the line each is answered with.
final class BadConfigurationTest {
    private static final String GOOD =
            """
            [pool]
            network = "regtest"
            payout-address = "bcrt1qexample"

            [[listener]]
            name = "miners"
            port = 3333
            [[listener]]
            name = "tiny"
            port = 3334
            first-difficulty = 0.5

            [scheme]
            kind = "PPLNS"

            [database]
            url = "jdbc:postgresql://127.0.0.1/adit"
            user = "adit"
            password = "${ADIT_DATABASE_PASSWORD}"

            [[node]]
            name = "first"
            url = "http://127.0.0.1:18443"
            cookie-file = "/var/lib/bitcoind/.cookie"
            """;

    @TempDir private Path directory;

    /// What stands in the good file, what is written in its place, and what is said of it.
    private record Mistake(String good, String bad, String said) {}

    private static final List<Mistake> MISTAKES =
            List.of(
                    // Words nobody knows
                    new Mistake(
                            "port = 3334",
                            "prot = 3334",
                            "10: unknown key \"prot\" in [[listener]]; did you mean \"port\"?"),
                    new Mistake(
                            "network =",
                            "netwrok =",
                            "2: unknown key \"netwrok\" in [pool]; did you mean \"network\"?"),
                    new Mistake(
                            "user = \"adit\"",
                            "user = \"adit\"\npasswrod-file = \"hunter2\"",
                            "19: unknown key \"passwrod-file\" in [database]; did you mean \"password-file\"?"),
                    new Mistake(
                            "[scheme]",
                            "[shceme]",
                            "13: unknown section \"shceme\"; did you mean [scheme]?"),
                    new Mistake(
                            "[[node]]",
                            "[[nodes]]",
                            "21: unknown section \"nodes\"; did you mean [[node]]?"),
                    new Mistake(
                            "[pool]",
                            "name = \"Adit\"\n[pool]",
                            "1: unknown key \"name\"; there are [pool], [[listener]], [tls], [acme], [accounts], [[split]], [jobs], [shares], [scheme], [journal], [database], [[node]], [http], [limits]"),
                    new Mistake(
                            "[scheme]",
                            "[web]\n[scheme]",
                            "13: unknown section \"web\"; there are [pool], [[listener]], [tls], [acme], [accounts], [[split]], [jobs], [shares], [scheme], [journal], [database], [[node]], [http], [limits]"),
                    new Mistake(
                            "[scheme]",
                            "[http]\nhost = \"127.0.0.1\"\n[scheme]",
                            "14: unknown key \"host\" in [http]; it takes address, port"),
                    new Mistake(
                            "[scheme]",
                            "[http]\ntls = true\n[scheme]",
                            "14: unknown key \"tls\" in [http]; it takes address, port"),
                    new Mistake(
                            "[scheme]",
                            "[limits]\nexempt-loopback = yes\n[scheme]",
                            "14: not TOML: Unknown token; text stands in quotes, yes and no are written true and false"),
                    new Mistake(
                            "[scheme]",
                            "[limits]\nconnections = \n[scheme]",
                            "14: not TOML: this line ends too early: a value, a closing quote or a closing bracket is missing"),
                    new Mistake(
                            "[scheme]",
                            "[http]\naddress = \"127.0.0.1\n[scheme]",
                            "14: not TOML: this line ends too early: a value, a closing quote or a closing bracket is missing"),
                    // Sections
                    new Mistake(
                            "[[node]]",
                            "[node]",
                            "21: there may be several of node; write it as [[node]]"),
                    new Mistake(
                            "[scheme]",
                            "[[scheme]]",
                            "13: there is one scheme; write it once, as [scheme]"),
                    new Mistake(
                            "[[node]]\nname = \"first\"\nurl = \"http://127.0.0.1:18443\"\ncookie-file = \"/var/lib/bitcoind/.cookie\"\n",
                            "",
                            "1: at least one [[node]] is needed"),
                    new Mistake(
                            "name = \"tiny\"",
                            "name = \"miners\"",
                            "9: another [[listener]] has this name already"),
                    // Ports
                    new Mistake(
                            "port = 3334",
                            "port = 3333",
                            "10: listener miners has port 3333 already; choose another port or address"),
                    new Mistake(
                            "port = 3334",
                            "port = 3333\naddress = \"127.0.0.1\"",
                            "10: listener miners has port 3333 already; choose another port or address"),
                    new Mistake(
                            "[scheme]",
                            "[http]\nport = 3334\n[scheme]",
                            "10: [http] has port 3334 too; choose another port or address for one of them"),
                    // Values that are missing
                    new Mistake(
                            "payout-address = \"bcrt1qexample\"\n",
                            "",
                            "1: [pool] needs payout-address"),
                    new Mistake("port = 3334\n", "", "8: [[listener]] needs port"),
                    new Mistake("url = \"http://127.0.0.1:18443\"\n", "", "21: [[node]] needs url"),
                    new Mistake(
                            "cookie-file = \"/var/lib/bitcoind/.cookie\"\n",
                            "",
                            "21: [[node]] needs cookie-file, or user and password-file"),
                    new Mistake(
                            "cookie-file = \"/var/lib/bitcoind/.cookie\"\n",
                            "user = \"rpc\"\n",
                            "21: [[node]] needs cookie-file, or user and password-file"),
                    // Values of the wrong type
                    new Mistake(
                            "port = 3334",
                            "port = \"3334\"",
                            "10: port in [[listener]] must be a whole number from 1 to 65535, not \"3334\""),
                    new Mistake(
                            "port = 3334",
                            "port = 3334.5",
                            "10: port in [[listener]] must be a whole number from 1 to 65535, not 3334.5"),
                    new Mistake(
                            "name = \"tiny\"",
                            "name = true",
                            "9: name in [[listener]] must be text of 1 to 32 characters, not true"),
                    new Mistake(
                            "first-difficulty = 0.5",
                            "first-difficulty = [\n 1,\n 2]",
                            "11: first-difficulty in [[listener]] must be a difficulty from 2^-32 to 1073741824, not [1,2]"),
                    new Mistake(
                            "first-difficulty = 0.5",
                            "first-difficulty = nan",
                            "11: first-difficulty in [[listener]] must be a difficulty from 2^-32 to 1073741824, not \"NaN\""),
                    new Mistake(
                            "port = 3334",
                            "port = 3334\nprotocol = \"V2\"",
                            "11: Stratum V2 is not finished yet; choose \"v1\" or \"auto\""),
                    new Mistake(
                            "port = 3334",
                            "port = 3334\nprotocol = \"getwork\"",
                            "11: protocol in [[listener]] must be one of v1, auto, not \"getwork\""),
                    new Mistake(
                            "port = 3334",
                            "port = 3334\nproxy-protocol-from = [\"10.1.0.0/8\"]",
                            "11: proxy-protocol-from in [[listener]] must be a list of networks like [\"10.0.0.0/8\", \"2001:db8::/32\"], not [\"10.1.0.0/8\"]"),
                    new Mistake(
                            "port = 3334",
                            "port = 3334\ntransport = \"tls\"",
                            "1: [tls] needs certificate-file and key-file, or [acme] domains: listener tiny speaks TLS"),
                    new Mistake(
                            "[scheme]",
                            "[acme]\ndomains = [\"pool.example\"]\n[scheme]",
                            "13: [acme] orders a certificate, and no listener speaks TLS"),
                    new Mistake(
                            "first-difficulty = 0.5",
                            "first-difficulty = 0.5\ntransport = \"tls\"\n[acme]\nterms-agreed = true",
                            "13: [acme] needs domains"),
                    new Mistake(
                            "first-difficulty = 0.5",
                            "first-difficulty = 0.5\ntransport = \"tls\"\n[acme]\ndomains = [\"*.pool.example\"]",
                            "14: domains in [acme] must be a list of 1 to 100 host names in lower case like [\"pool.example\"], not [\"*.pool.example\"]"),
                    new Mistake(
                            "first-difficulty = 0.5",
                            "first-difficulty = 0.5\ntransport = \"tls\"\n[acme]\ndomains = [\"pool.example\"]\ndirectory-url = \"http://ca.example/\"",
                            "15: directory-url in [acme] must be an address like \"https://ca.example/directory\""),
                    new Mistake(
                            "first-difficulty = 0.5",
                            "first-difficulty = 0.5\ntransport = \"tls\"\n[acme]\ncontact = \"nobody\"\ndomains = [\"pool.example\"]\nterms-agreed = true",
                            "14: contact in [acme] must be an e-mail address, not \"nobody\""),
                    new Mistake(
                            "first-difficulty = 0.5",
                            "first-difficulty = 0.5\ntransport = \"tls\"\n[acme]\ndomains = [\"pool.example\"]",
                            "13: [acme] needs terms-agreed = true: read the terms of service of acme-v02.api.letsencrypt.org, then say so"),
                    new Mistake(
                            "first-difficulty = 0.5",
                            "first-difficulty = 0.5\n[tls]\nkey-file = \"/etc/adit/key.pem\"\n[acme]\ndomains = [\"pool.example\"]",
                            "14: [acme] and [tls] are both there; keep one"),
                    new Mistake(
                            "[scheme]",
                            "[tls]\nkey-file = \"/etc/adit/key.pem\"\n[scheme]",
                            "13: [tls] needs both certificate-file and key-file"),
                    // Values out of range
                    new Mistake(
                            "port = 3334",
                            "port = 0",
                            "10: port in [[listener]] must be a whole number from 1 to 65535, not 0"),
                    new Mistake(
                            "port = 3334",
                            "port = 65536",
                            "10: port in [[listener]] must be a whole number from 1 to 65535, not 65536"),
                    new Mistake(
                            "port = 3334",
                            "port = 99999999999999999999",
                            "10: port in [[listener]] must be a whole number from 1 to 65535, not 99999999999999999999"),
                    new Mistake(
                            "first-difficulty = 0.5",
                            "first-difficulty = 0",
                            "11: first-difficulty in [[listener]] must be a difficulty from 2^-32 to 1073741824, not 0"),
                    new Mistake(
                            "first-difficulty = 0.5",
                            "first-difficulty = 1073741825",
                            "11: first-difficulty in [[listener]] must be a difficulty from 2^-32 to 1073741824, not 1073741825"),
                    new Mistake(
                            "first-difficulty = 0.5",
                            "first-difficulty = 0.0005",
                            "8: [[listener]] first-difficulty must lie between minimum-difficulty and maximum-difficulty"),
                    new Mistake(
                            "first-difficulty = 0.5",
                            "minimum-difficulty = 8\nmaximum-difficulty = 4",
                            "8: [[listener]] minimum-difficulty must not be above maximum-difficulty"),
                    new Mistake(
                            "first-difficulty = 0.5",
                            "maximum-difficulty = 16384\nfixed-difficulty = 20000",
                            "8: [[listener]] fixed-difficulty must lie between minimum-difficulty and maximum-difficulty"),
                    new Mistake(
                            "[scheme]",
                            "[shares]\nstale-grace-millis = 2001\n[scheme]",
                            "14: stale-grace-millis in [shares] must be a whole number from 0 to 2000, not 2001"),
                    new Mistake(
                            "[scheme]",
                            "[jobs]\nversion-rolling-mask = \"00000000\"\n[scheme]",
                            "14: version-rolling-mask in [jobs] must be hex digits within \"1fffe000\", not \"00000000\""),
                    new Mistake(
                            "[scheme]",
                            "[jobs]\nversion-rolling-mask = \"ffffffff\"\n[scheme]",
                            "14: version-rolling-mask in [jobs] must be hex digits within \"1fffe000\", not \"ffffffff\""),
                    new Mistake(
                            "[pool]",
                            "[pool]\ntag = \"Grüß Gott\"",
                            "2: tag in [pool] must be at most 52 characters of plain ASCII, not \"Grüß Gott\""),
                    new Mistake(
                            "[pool]",
                            "[pool]\ntag = \"" + "x".repeat(53) + "\"",
                            "2: tag in [pool] must be at most 52 characters of plain ASCII, not \""
                                    + "x".repeat(39)
                                    + "..."),
                    new Mistake(
                            "[pool]",
                            "[pool]\nserver-id = 256",
                            "2: server-id in [pool] must be a whole number from 0 to 255, not 256"),
                    // Choices
                    new Mistake(
                            "\"regtest\"",
                            "\"testnet\"",
                            "2: network in [pool] must be one of mainnet, testnet4, signet, regtest, not \"testnet\""),
                    new Mistake(
                            "\"PPLNS\"",
                            "\"FPPS\"",
                            "14: FPPS is not finished yet; choose PPLNS, PROP, SOLO or PPS"),
                    new Mistake(
                            "\"PPLNS\"",
                            "\"PROPORTIONAL\"",
                            "14: kind in [scheme] must be one of PPLNS, PROP, SOLO, PPS, not \"PROPORTIONAL\""),
                    new Mistake(
                            "kind = \"PPLNS\"",
                            "fee-bps = 100\nfee-percent = 1",
                            "15: both fee-bps and fee-percent are set in [scheme]; keep one"),
                    new Mistake(
                            "kind = \"PPLNS\"",
                            "fee-percent = 1.125",
                            "14: fee-percent in [scheme] takes at most two decimals"),
                    new Mistake(
                            "kind = \"PPLNS\"",
                            "fee-percent = 100.01",
                            "14: fee-percent in [scheme] must be a number from 0 to 100, not 100.01"),
                    // Accounts and splits
                    new Mistake(
                            "[scheme]",
                            "[accounts]\nnames = \"yes\"\n[scheme]",
                            "14: names in [accounts] must be true or false, not \"yes\""),
                    split(
                            "payees = []",
                            "15: payees in [[split]] must be a list of 1 to 16 like {account = \"an-address\", parts = 60}, parts from 1 to 1000000, not []"),
                    split(
                            "payees = [{account = \"a\", parts = 0}]",
                            "15: payees in [[split]] must be a list of 1 to 16 like {account = \"an-address\", parts = 60}, parts from 1 to 1000000, not [{\"account\":\"a\",\"parts\":0}]"),
                    split(
                            "payees = [{account = \"a\", parts = 1, extra = 1}]",
                            "15: payees in [[split]] must be a list of 1 to 16 like {account = \"an-address\", parts = 60}, parts from 1 to 1000000, not [{\"account\":\"a\",\"parts\":1,\"extra\":1}]"),
                    split(
                            "payees = [{account = \"a\", parts = 1}, {account = \"a\", parts = 2}]",
                            "13: [[split]] payees must name each account once"),
                    split("", "13: [[split]] needs payees"),
                    new Mistake(
                            "[scheme]",
                            "[[split]]\nname = \"my_split\"\npayees = [{account = \"a\", parts = 1}]\n[scheme]",
                            "14: name in [[split]] must be 1 to 24 of a-z, 0-9 and -, not \"my_split\""),
                    // Passwords
                    new Mistake(
                            "\"${ADIT_DATABASE_PASSWORD}\"",
                            "\"hunter2\"",
                            "19: password in [database] must not be written in this file; use password-file = \"/path\" or password = \"${NAME}\""),
                    new Mistake(
                            "\"${ADIT_DATABASE_PASSWORD}\"",
                            "42",
                            "19: password in [database] must not be written in this file; use password-file = \"/path\" or password = \"${NAME}\""),
                    new Mistake(
                            "\"${ADIT_DATABASE_PASSWORD}\"",
                            "\"${NO_SUCH_NAME}\"",
                            "19: password in [database] names the environment variable NO_SUCH_NAME, which is not set"),
                    new Mistake(
                            "password = ",
                            "password-file = \"/p\"\npassword = ",
                            "19: both password and password-file are set in [database]; keep one"),
                    new Mistake(
                            "password = \"${ADIT_DATABASE_PASSWORD}\"",
                            "password-file = \"/no/such/file\"",
                            "19: password-file in [database] cannot be read: /no/such/file"),
                    new Mistake(
                            "password = \"${ADIT_DATABASE_PASSWORD}\"",
                            "password-file = \"/dev/null\"",
                            "19: password-file in [database] must hold one line, the password: /dev/null"),
                    new Mistake(
                            "cookie-file =",
                            "user = \"rpc\"\ncookie-file =",
                            "25: both cookie-file and user or password are set in [[node]]; keep one"),
                    new Mistake(
                            "cookie-file = \"/var/lib/bitcoind/.cookie\"",
                            "user = \"rpc\"\npassword = \"hunter2\"",
                            "25: password in [[node]] must not be written in this file; use password-file = \"/path\" or password = \"${NAME}\""),
                    new Mistake(
                            "http://127",
                            "http://rpc:hunter2@127",
                            "23: url in [[node]] must be an address like \"http://127.0.0.1:8332\" without a password"),
                    new Mistake(
                            "127.0.0.1/adit",
                            "127.0.0.1/adit?password=hunter2",
                            "17: url in [database] must be an address like \"jdbc:postgresql://host:5432/name\" without a password or preferQueryMode"),
                    new Mistake(
                            "127.0.0.1/adit",
                            "127.0.0.1/adit?ssl=true&preferQueryMode=simple",
                            "17: url in [database] must be an address like \"jdbc:postgresql://host:5432/name\" without a password or preferQueryMode"),
                    // Addresses
                    new Mistake(
                            "http://127.0.0.1:18443",
                            "127.0.0.1:18443",
                            "23: url in [[node]] must be an address like \"http://127.0.0.1:8332\" without a password"),
                    new Mistake(
                            "port = 3334",
                            "port = 3334\naddress = \"not an address\"",
                            "11: address in [[listener]] must be an address or host name, not \"not an address\""));

    private static Mistake split(String payees, String said) {
        return new Mistake("[scheme]", "[[split]]\nname = \"s\"\n" + payees + "\n[scheme]", said);
    }

    @Test
    void answersEveryMistakeWithOneLine() throws IOException {
        var file = directory.resolve("pool.toml");
        for (var mistake : MISTAKES) {
            assertThat(GOOD).containsOnlyOnce(mistake.good());
            Files.writeString(file, GOOD.replace(mistake.good(), mistake.bad()));

            assertThatThrownBy(() -> ConfigFile.read(file, Map.of("ADIT_DATABASE_PASSWORD", "x")))
                    .as(mistake.bad())
                    .isInstanceOf(BadConfiguration.class)
                    .hasMessage(file + ":" + mistake.said())
                    .satisfies(e ->
                            assertThat(e.getMessage()).doesNotContain("hunter2").hasLineCount(1));
        }
        assertThat(MISTAKES).hasSizeGreaterThan(45);
    }

    @Test
    void findsTheLineOfWhatIsNotToml() throws IOException {
        var file = directory.resolve("pool.toml");
        var broken =
                Map.of(
                        "port = ", 10,
                        "port = 3334 3335", 10,
                        "port", 10,
                        "port = \"3334", 10,
                        "port = 3334\nport = 3335", 11,
                        "port = 3334\nport = 3335 # again\n\n # and more\n", 11,
                        "[scheme]", 13);
        for (var line : broken.entrySet()) {
            Files.writeString(file, GOOD.replace("port = 3334", line.getKey()));

            assertThatThrownBy(() -> ConfigFile.read(file, Map.of()))
                    .as(line.getKey())
                    .isInstanceOf(BadConfiguration.class)
                    .hasMessageMatching(file + ":" + line.getValue() + ": not TOML: .+");
        }
    }
}
