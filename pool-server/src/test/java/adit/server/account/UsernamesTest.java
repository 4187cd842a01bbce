package adit.server.account;

import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

final class UsernamesTest {

    private static final String ADDRESS = "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4";
    private static final String OTHER = "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2";

    private static final Split FAMILY =
            new Split("family", List.of(payee(ADDRESS, 60), payee(OTHER, 40)), 0);
    private static final Split CHARITY = new Split("charity", List.of(payee(OTHER, 1)), 9);

    private final Usernames plain = new Usernames("mainnet", false, List.of());
    private final Usernames named = new Usernames("mainnet", true, List.of(FAMILY, CHARITY));

    @Test
    void readsTheNamesOfTheDialect() {
        int read = 0;
        for (var example : Vectors.sv1("username_examples")) {
            var text = example.get("text").asString();
            var address = example.get("address").asString();
            if (address.isEmpty()) {
                assertThat(parse(text)).as(text).isInstanceOf(MinerName.Parsed.Refused.class);
            } else {
                assertThat(valid(text).miner()).as(text).isEqualTo(address);
                assertThat(valid(text).worker())
                        .as(text)
                        .isEqualTo(example.get("worker").asString());
            }
            read++;
        }
        assertThat(read).isEqualTo(6);
    }

    @Test
    void judgesEveryNameOfTheCorpusAsItSays() {
        int judged = 0;
        for (var input : Vectors.badInputs()) {
            var id = input.get("id").asString();
            boolean named = id.startsWith("auth-") || id.startsWith("worker-");
            if (!named || !input.has("input")) {
                continue;
            }
            var user = Vectors.parse(input.get("input").asString()).get("params").get(0);
            if (user == null || !user.isString()) {
                continue;
            }
            boolean accepted = input.get("expect").asString().equals("accept");
            assertThat(parse(user.asString()) instanceof MinerName.Parsed.Valid)
                    .as(id)
                    .isEqualTo(accepted);
            judged++;
        }
        assertThat(judged).isGreaterThan(50);
    }

    /// Pieces that mean something, in any order and number.
    @Test
    void readsAnythingAndItsOwnSpellingAsTheSameName() {
        var pieces =
                List.of(
                        ADDRESS,
                        OTHER,
                        "tb1qw508d6",
                        "alice",
                        "bob-2",
                        "family",
                        "charity",
                        "RIG",
                        ".",
                        "_",
                        ":",
                        "~",
                        "+",
                        "/",
                        "%2E",
                        "%7e",
                        "%",
                        "%zz",
                        "8",
                        "0",
                        "é",
                        "\0",
                        "\ud800",
                        " ",
                        "");
        long seed = 20_261_124;
        var random = new Random(seed);
        int valid = 0;
        for (int i = 0; i < 100_000; i++) {
            var text = new StringBuilder();
            for (int n = random.nextInt(7); n >= 0; n--) {
                text.append(pieces.get(random.nextInt(pieces.size())));
            }
            if (named.parse(text.toString()) instanceof MinerName.Parsed.Valid(var name)) {
                valid++;
                var again = name(named, name.text());
                assertThat(again.text()).as("%s, seed %d", text, seed).isEqualTo(name.text());
                assertThat(accounts(again)).isEqualTo(accounts(name));
                assertThat(again.bookedWorker()).isEqualTo(name.bookedWorker());
            }
        }
        assertThat(valid).isGreaterThan(5_000);
    }

    @Test
    void splitsAtTheFirstSeparatorOnly() {
        assertThat(valid(ADDRESS + ".a.b_c:d").worker()).isEqualTo("a.b_c:d");
        assertThat(valid(ADDRESS + "_rig").worker()).isEqualTo("rig");
        assertThat(valid(ADDRESS + ":rig").worker()).isEqualTo("rig");
        assertThat(valid(ADDRESS + ".").worker()).isEmpty();
        assertThat(valid(ADDRESS).worker()).isEmpty();
    }

    @Test
    void readsADifficultyBehindPlusAndSlash() {
        assertThat(valid(ADDRESS + "+4096").wishedDifficulty()).isEqualTo("4096");
        assertThat(valid(ADDRESS + "/0.5").wishedDifficulty()).isEqualTo("0.5");
        assertThat(valid(ADDRESS + ".rig").wishedDifficulty()).isNull();
        for (var wrong : List.of("+", "+x", "/-1", "+0", "/1e999")) {
            assertThat(parse(ADDRESS + wrong))
                    .as(wrong)
                    .isInstanceOf(MinerName.Parsed.Refused.class);
        }
    }

    @Test
    void saysWhereAWishBelongsBesideAWorkersName() {
        assertThat(refusal(plain, ADDRESS + "+0.01.rig"))
                .isEqualTo(
                        "After + or / comes a difficulty and nothing else, like ADDRESS+4096;"
                                + " beside a worker's name put it into the password, like d=4096");
        assertThat(valid(ADDRESS + ".rig+0.01").worker()).isEqualTo("rig+0.01");
        assertThat(valid(ADDRESS + ".rig+0.01").wishedDifficulty()).isNull();
    }

    @Test
    void refusesASplitItDoesNotKnow() {
        for (var text : List.of(ADDRESS + "~split", "~split", "~", "~.rig", ADDRESS + "~")) {
            assertThat(refusal(plain, text)).isEqualTo("This pool has no split of that name");
        }
    }

    @Test
    void readsASplitThatHasItsPayees() {
        for (var text : List.of("~family.rig1", "~family_rig1", "~family:rig1", "%7Efamily.rig1")) {
            var name = name(named, text);
            assertThat(name.text()).as(text).isEqualTo("~family.rig1");
            assertThat(name.bookedWorker()).isEqualTo("~family.rig1");
            assertThat(accounts(name)).containsExactly(ADDRESS, OTHER);
        }
        assertThat(name(named, "~family").bookedWorker()).isEqualTo("~family");
        assertThat(name(named, "~family+8").wishedDifficulty()).isEqualTo("8");
        assertThat(refusal(named, ADDRESS + "~family"))
                .isEqualTo("No part of this split is yours: use ~family without an address");
        assertThat(refusal(named, "~family~charity"))
                .isEqualTo("A username names one split at most");
    }

    @Test
    void readsASplitThatLeavesAPartToWhoMines() {
        var name = name(named, ADDRESS + "~charity.rig1");

        assertThat(name.text()).isEqualTo(ADDRESS + "~charity.rig1");
        assertThat(name.bookedWorker()).isEqualTo("~charity.rig1");
        assertThat(accounts(name)).containsExactly(OTHER, ADDRESS);
        assertThat(accounts(name(named, "alice~charity"))).containsExactly(OTHER, "alice");
        assertThat(refusal(named, "~charity.rig1"))
                .isEqualTo("A part of this split is yours: use ADDRESS~charity");
    }

    @Test
    void keepsTheMarkOfSplitsFromPlainWorkers() {
        assertThat(refusal(named, ADDRESS + ".~family"))
                .isEqualTo("Worker name may not begin with ~");
        assertThat(name(named, ADDRESS + ".rig~1").bookedWorker()).isEqualTo("rig~1");
    }

    @Test
    void takesNamesAsAccountsWhereTheOperatorDoes() {
        for (var text : List.of("bob", "alice_s-farm2", "a".repeat(24), "nobody", "mike")) {
            var name = name(named, text + ".rig1");
            assertThat(name.miner()).isEqualTo(text);
            assertThat(name.worker()).isEqualTo("rig1");
            assertThat(name.payees().account(0)).isEqualTo(new Account(text, null));
            assertThat(plain.parse(text)).isInstanceOf(MinerName.Parsed.Refused.class);
        }
        assertThat(name(named, "al_ice:rig").miner()).isEqualTo("al_ice");
        assertThat(name(named, "alice+8").wishedDifficulty()).isEqualTo("8");
        assertThat(name(named, ADDRESS + "_rig").miner()).isEqualTo(ADDRESS);
    }

    @Test
    void opensNoAccountForWhatMightHaveBeenAnAddress() {
        for (var text :
                List.of(
                        "tb1qw508d6qejxtdg4y5r3zarvary0c5xw7kxpjzsx",
                        "bc1qw508d6qejxtdg4y5r",
                        "bc1pfeessrawgf",
                        "bcrt1qw508d6qejxt",
                        "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN",
                        "mrCDrCybB6J1vRfbwM5hemdJz73FwDBC8r",
                        "mrCDrCybB6J1vRf",
                        "2MzQwSSnBHWHqSAqtTVQ6v47",
                        "KwDiBf89QgGbjEhKnhXJuH7LrciVrZi3qYjgd9M7rFU73sVHnoWn",
                        "a".repeat(25),
                        "ab",
                        "x",
                        "1alice",
                        "Alice",
                        "_alice",
                        "alice@example",
                        "ali ce",
                        "älice",
                        "")) {
            assertThat(named.parse(text)).as(text).isInstanceOf(MinerName.Parsed.Refused.class);
        }
        assertThat(refusal(named, "Alice"))
                .isEqualTo(
                        "Username must be a mainnet address, which begins with bc1q, bc1p, 1 or 3, then"
                                + " .WORKER; or an account name, 3 to 24 of a-z, 0-9, _ and -, a"
                                + " letter first");
    }

    @Test
    void saysWhatIsWrongWithAnAddress() {
        var reasons =
                Map.of(
                        "tb1qw508d6qejxtdg4y5r3zarvary0c5xw7kxpjzsx.rig",
                        "This address belongs to testnet or signet; this pool mines mainnet",
                        "bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080",
                        "This address belongs to regtest; this pool mines mainnet",
                        "mrCDrCybB6J1vRfbwM5hemdJz73FwDBC8r",
                        "This address belongs to a test network; this pool mines mainnet",
                        "bc1QW508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4",
                        "This address mixes capital and small letters: copy it again, all of it",
                        "bc1zw508d6qejxtdg4y5r3zarvaryvaxxpcs",
                        "This pool cannot pay to witness versions above 1: give another address",
                        "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5",
                        "This address is mistyped or cut short: copy it again, all of it",
                        "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN3",
                        "This address is mistyped or cut short: copy it again, all of it",
                        ".rig1",
                        "Username must be a mainnet address, which begins with bc1q, bc1p, 1 or 3, then .WORKER");

        reasons.forEach(
                (text, reason) -> assertThat(refusal(plain, text)).as(text).isEqualTo(reason));
        assertThat(refusal(new Usernames("regtest", false, List.of()), ADDRESS))
                .isEqualTo("This address belongs to mainnet; this pool mines regtest");
    }

    @Test
    void tellsOfABlankThatWasPastedAlong() {
        for (var text :
                List.of(
                        " " + ADDRESS,
                        ADDRESS + ".rig ",
                        ADDRESS + ". rig",
                        ADDRESS + "\t",
                        ADDRESS + "\n.rig",
                        "\u00a0" + ADDRESS,
                        ADDRESS.replace("w508", "\u200bw508"),
                        ADDRESS + "%20.rig",
                        "~ family",
                        " alice")) {
            for (var usernames : List.of(plain, named)) {
                assertThat(refusal(usernames, text))
                        .as(text)
                        .isEqualTo(
                                "Username holds a blank or an invisible character: take it out, at the ends too");
            }
        }
    }

    @Test
    void readsPercentCodesAsWhatTheyStandFor() {
        assertThat(valid(ADDRESS + "%2Erig").worker()).isEqualTo("rig");
        assertThat(valid(ADDRESS + "%2erig%5F1").worker()).isEqualTo("rig_1");
        assertThat(parse(ADDRESS + ".a%20b")).isInstanceOf(MinerName.Parsed.Refused.class);
        assertThat(parse(ADDRESS + ".a%2")).isInstanceOf(MinerName.Parsed.Refused.class);
        assertThat(parse(ADDRESS + ".a%zz")).isInstanceOf(MinerName.Parsed.Refused.class);
    }

    @Test
    void keepsTheAddressOfANameCutAt63Characters() {
        var taproot = "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0";
        var cut = (taproot + ".rig1").substring(0, 63);

        assertThat(valid(cut).miner()).isEqualTo(taproot);
        assertThat(valid(cut).worker()).isEmpty();
    }

    @Test
    void takesAWorkerOf64CharactersAndRefuses65() {
        assertThat(valid(ADDRESS + "." + "w".repeat(64)).worker()).hasSize(64);
        assertThat(parse(ADDRESS + "." + "w".repeat(65)))
                .isInstanceOf(MinerName.Parsed.Refused.class);
    }

    @Test
    void neverRepeatsTheNameInTheRefusal() {
        for (var secret :
                List.of("KwDiBf89QgGbjEhKnhXJuH7LrciVrZi3qYjgd9M7rFU73sVHnoWn", "<b>x</b>")) {
            var refused = (MinerName.Parsed.Refused) parse(secret);

            assertThat(refused.reason()).doesNotContain(secret).contains("mainnet address");
        }
    }

    @Test
    void readsTheSameNameTheSameWay() {
        assertThat(valid(ADDRESS.toUpperCase(Locale.ROOT) + ".rig").text())
                .isEqualTo(valid(ADDRESS + ".rig").text());
        assertThat(valid(ADDRESS + "+1").wishedDifficulty()).isEqualTo(BigDecimal.ONE);
    }

    private MinerName.Parsed parse(String name) {
        return plain.parse(name);
    }

    private static Payees.Payee payee(String address, int parts) {
        return new Payees.Payee(Account.parse(address, "mainnet").orElseThrow(), parts);
    }

    private static List<String> accounts(MinerName name) {
        return IntStream.range(0, name.payees().count())
                .mapToObj(i -> name.payees().account(i).name())
                .toList();
    }

    private MinerName valid(String name) {
        return name(plain, name);
    }

    private static MinerName name(Usernames usernames, String text) {
        return ((MinerName.Parsed.Valid) usernames.parse(text)).name();
    }

    private static String refusal(Usernames usernames, String text) {
        return ((MinerName.Parsed.Refused) usernames.parse(text)).reason();
    }
}
