package adit.server.session.v1;

import java.util.List;
import java.util.Locale;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import adit.server.account.MinerName;
import adit.server.account.Usernames;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

final class WorkersTest {

    private static final String ADDRESS = "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4";
    private static final String LEGACY = "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2";
    private static final String TAPROOT =
            "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0";

    private final Usernames usernames = new Usernames("mainnet", false, List.of());
    private final Workers workers = new Workers();
    private int lastRef;

    @Test
    void findsEachOfManyByTheNameItLoggedInWith() {
        for (int i = 1; i <= 100; i++) {
            logIn(ADDRESS + "_rig" + i);
        }

        for (int i = 1; i <= 100; i++) {
            assertThat(ref(ADDRESS + "_rig" + i)).isEqualTo(i);
        }
        assertThat(ref(ADDRESS + "_rig101")).isNull();
    }

    @Test
    void findsANameThatMeansTheSame() {
        logIn(ADDRESS + ".rig1");
        logIn(ADDRESS + ".rig2");

        assertThat(ref(ADDRESS + "_rig1")).isEqualTo(1);
        assertThat(ref(ADDRESS.toUpperCase(Locale.ROOT) + ".rig1")).isEqualTo(1);
        assertThat(ref(ADDRESS + "%2Erig2")).isEqualTo(2);
    }

    @Test
    void doesNotTakeOneNameForAnother() {
        logIn(ADDRESS + ".rig1");
        logIn(ADDRESS + ".rig2");

        assertThat(ref(ADDRESS)).isNull();
        assertThat(ref(ADDRESS + ".RIG1")).isNull();
        assertThat(ref(ADDRESS + ".rig")).isNull();
        assertThat(ref("")).isNull();
    }

    @Test
    void acceptsTheFirmwaresCutAt63CharactersWhereOneNameIsLoggedIn() {
        var name = TAPROOT + ".rig1";
        logIn(name);

        assertThat(ref(name.substring(0, 63))).isEqualTo(1);
        assertThat(ref(name.substring(0, 64))).isNull();

        logIn(TAPROOT + ".rig2");
        assertThat(ref(name.substring(0, 63))).isNull();
    }

    @Test
    void acceptsAnotherCaseWhereOneNameIsLoggedIn() {
        logIn(LEGACY + ".rig1");

        assertThat(ref(LEGACY.toLowerCase(Locale.ROOT) + ".RIG1")).isEqualTo(1);
        assertThat(ref(LEGACY + "%2ERig1")).isEqualTo(1);
        assertThat(ref(LEGACY + ".rig2")).isNull();
    }

    @Test
    void acceptsTheCutInTheSpellingOfTheLogin() {
        var name = TAPROOT.toUpperCase(Locale.ROOT) + "_rig1";
        logIn(name);

        assertThat(ref(name.substring(0, 63))).isEqualTo(1);
    }

    @Test
    void countsANameOnceHoweverItIsSpelled() {
        logIn(ADDRESS + ".rig1");
        logIn(ADDRESS + "_rig1");
        logIn(ADDRESS + "%2Erig1");

        assertThat(workers.size()).isEqualTo(1);
        assertThat(ref(ADDRESS + ".rig1")).isEqualTo(3);
        assertThat(ref(ADDRESS + "_rig1")).isEqualTo(3);
    }

    private void logIn(String text) {
        var name = ((MinerName.Parsed.Valid) usernames.parse(text)).name();
        workers.add(new Worker(text.getBytes(UTF_8), name.text(), 1, ++lastRef, null));
    }

    private @Nullable Integer ref(String text) {
        // Somewhere in a longer line, as the decoder points at it.
        var line = ("xx" + text + "yy").getBytes(UTF_8);
        var found = workers.find(line, 2, line.length - 4, usernames);
        return found == null ? null : found.workerRef();
    }
}
