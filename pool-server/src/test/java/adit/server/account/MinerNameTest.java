package adit.server.account;

import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

final class MinerNameTest {

    private static final String ADDRESS = "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4";

    @Test
    void readsTheNamesOfTheDialect() {
        int read = 0;
        for (var example : Vectors.sv1("username_examples")) {
            var text = example.get("text").asString();
            var address = example.get("address").asString();
            if (address.isEmpty()) {
                assertThat(parse(text)).as(text).isInstanceOf(MinerName.Parsed.Refused.class);
            } else {
                assertThat(valid(text).account()).as(text).isEqualTo(address);
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
    void refusesASplitItDoesNotKnow() {
        assertThat(parse(ADDRESS + "~split")).isInstanceOf(MinerName.Parsed.Refused.class);
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

        assertThat(valid(cut).account()).isEqualTo(taproot);
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
        assertThat(valid(ADDRESS.toUpperCase(Locale.ROOT) + ".rig"))
                .isEqualTo(valid(ADDRESS + ".rig"));
        assertThat(valid(ADDRESS + "+1").wishedDifficulty()).isEqualTo(BigDecimal.ONE);
    }

    private static MinerName.Parsed parse(String name) {
        return MinerName.parse(name, "mainnet");
    }

    private static MinerName valid(String name) {
        return ((MinerName.Parsed.Valid) parse(name)).name();
    }
}
