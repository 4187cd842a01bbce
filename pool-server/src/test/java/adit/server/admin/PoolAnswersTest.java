package adit.server.admin;

import java.io.IOException;
import java.math.BigInteger;
import java.net.InetSocketAddress;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

class PoolAnswersTest {
    private static final String ADDRESS = "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4";
    private static final long GIGA = 1_000_000_000;

    private final AdminFixture admin = new AdminFixture();

    @AfterEach
    void stops() {
        admin.close();
    }

    @Test
    void tellsWhatThePoolIsAndDoes() {
        admin.server.start();

        var pool = admin.json(200, "/api/v1/pool");

        assertThat(pool.get("name").asString()).isEqualTo("Test pool");
        assertThat(pool.get("network").asString()).isEqualTo("mainnet");
        assertThat(pool.get("at").asString()).isEqualTo("2026-03-01T12:00:30Z");
        assertThat(pool.get("uptimeSeconds").asLong()).isEqualTo(3600);
        assertThat(pool.get("scheme").asString()).isEqualTo("PPLNS");
        assertThat(pool.get("feeBps").asInt()).isEqualTo(150);
        assertThat(pool.get("connections").asInt()).isEqualTo(12);
        assertThat(pool.at("/submissions/accepted").asLong()).isEqualTo(900);
        assertThat(pool.at("/mining/height").asInt()).isEqualTo(840_003);
        assertThat(pool.at("/mining/networkDifficulty").asString()).isEqualTo("86388558925171.01");
        assertThat(pool.at("/mining/rewardSats").asLong()).isEqualTo(312_512_345);
        assertThat(pool.at("/nodes/0/health").asString()).isEqualTo("READY");
        assertThat(pool.at("/journal/durableSequence").asLong()).isEqualTo(903);
    }

    @Test
    void offersTheNameTheReaderReachedItByWhereAPortIsOpenEverywhere() throws Exception {
        admin.pool.listens(
                new PoolSnapshot.Listener("miners", new InetSocketAddress("::", 3333), true),
                new PoolSnapshot.Listener("solo", new InetSocketAddress("0.0.0.0", 3334), true));
        admin.server.start();

        assertThat(pool("pool.example:80"))
                .contains("\"stratum+tcp://pool.example:3333\"")
                .contains("\"stratum+ssl://pool.example:3334\"");
        assertThat(pool("[2001:db8::7]:80")).contains("\"stratum+tcp://[2001:db8::7]:3333\"");
    }

    @Test
    void saysOfEachPortHowToReachItAndHowItPays() {
        admin.pool.listens(
                new PoolSnapshot.Listener("miners", new InetSocketAddress("192.0.2.1", 3333), true),
                new PoolSnapshot.Listener(
                        "solo", new InetSocketAddress("2001:db8::1", 3334), false));
        admin.server.start();

        var listeners = admin.json(200, "/api/v1/pool").get("listeners");

        assertThat(listeners.get(0))
                .hasToString(
                        "{\"name\":\"miners\",\"url\":\"stratum+tcp://192.0.2.1:3333\",\"scheme\":\"PPLNS\","
                                + "\"payoutMode\":\"booked\",\"open\":true}");
        assertThat(listeners.get(1))
                .hasToString(
                        "{\"name\":\"solo\",\"url\":\"stratum+ssl://[2001:db8::1]:3334\",\"scheme\":\"SOLO\","
                                + "\"payoutMode\":\"coinbase-direct\",\"open\":false}");
    }

    @Test
    void sumsTheHashrateOfAllServersOverItsWindows() {
        admin.books.worker(ADDRESS, "rig", "PPLNS", 150);
        var now = AdminFixture.NOW;
        admin.books.work(ADDRESS, "rig", now.minusSeconds(20), GIGA, 90);
        admin.books.work(ADDRESS, "rig", now.minusSeconds(200), GIGA, 240);
        admin.books.work(ADDRESS, "rig", now.minusSeconds(3000), GIGA, 3300);
        admin.books.work(ADDRESS, "rig", now.minusSeconds(80_000), GIGA, 82_800);
        admin.books.work(ADDRESS, "rig", now.minusSeconds(90_000), GIGA, 999_999);
        admin.server.start();

        var rates = admin.json(200, "/api/v1/pool").get("hashrate");

        assertThat(rates.get("scope").asString()).isEqualTo("pool");
        assertThat(window(rates, 0)).isEqualTo("1m 90 " + GIGA);
        assertThat(window(rates, 1)).isEqualTo("5m 330 " + GIGA);
        assertThat(window(rates, 2)).isEqualTo("1h 3630 " + GIGA);
        assertThat(window(rates, 3)).isEqualTo("1d 86430 " + GIGA);
        assertThat(rates.get("lastHourByMinute")).hasSize(60);
        assertThat(rates.at("/lastHourByMinute/57").asLong()).isEqualTo(4 * GIGA);
    }

    @Test
    void seesNewWorkAtTheNextLook() {
        admin.books.worker(ADDRESS, "rig", "PPLNS", 150);
        admin.server.start();
        admin.books.work(ADDRESS, "rig", AdminFixture.NOW.minusSeconds(5), GIGA, 90);

        admin.server.lookNow();

        // All work there is came in this minute, so the window begins with it.
        assertThat(window(admin.json(200, "/api/v1/pool").get("hashrate"), 0))
                .isEqualTo("1m 30 " + 3 * GIGA);
    }

    @Test
    void countsRecordsThatWaitForTheDatabase() {
        admin.books.cursor(901);
        admin.server.start();

        var database = admin.json(200, "/api/v1/pool").get("database");

        assertThat(database.get("reachable").asBoolean()).isTrue();
        assertThat(database.get("waitingRecords").asLong()).isEqualTo(3);
    }

    @Test
    void givesWhatIsKnownWhileTheDatabaseIsAway() {
        admin.books.worker(ADDRESS, "rig", "PPLNS", 150);
        admin.books.block(1, AdminFixture.NOW.minusSeconds(60), ADDRESS, "ACTIVE", 3);
        admin.server.start();
        admin.database.goesAway();
        admin.pool.credits(BigInteger.valueOf(90 * GIGA));
        admin.server.lookNow();

        var pool = admin.json(200, "/api/v1/pool");

        assertThat(pool.at("/database/reachable").asBoolean()).isFalse();
        assertThat(pool.at("/database/trouble").asString())
                .startsWith("PostgreSQL is away")
                .doesNotContain("db.internal", "secret");
        assertThat(pool.at("/hashrate/scope").asString()).isEqualTo("server");
        assertThat(window(pool.get("hashrate"), 0)).isEqualTo("1m 30 " + 3 * GIGA);
        assertThat(pool.at("/blocks/latest/0/confirmations").asInt()).isEqualTo(3);

        admin.database.comesBack();
        admin.server.lookNow();

        assertThat(admin.json(200, "/api/v1/pool").at("/database/reachable").asBoolean()).isTrue();
    }

    @Test
    void startsWhileTheDatabaseIsAway() {
        admin.database.goesAway();
        admin.server.start();

        var pool = admin.json(200, "/api/v1/pool");

        assertThat(pool.at("/database/waitingRecords").isNull()).isTrue();
        assertThat(pool.get("blocks").isNull()).isTrue();
        assertThat(pool.get("connections").asInt()).isEqualTo(12);
    }

    @Test
    void saysThatNobodyKnowsWhatToMine() {
        admin.pool.losesTheNodes(false);
        admin.server.start();

        var pool = admin.json(200, "/api/v1/pool");

        assertThat(pool.get("mining").isNull()).isTrue();
        assertThat(pool.at("/nodes/0/reason").asString()).isEqualTo("connection refused");
        assertThat(pool.at("/nodes/0/height").isNull()).isTrue();
    }

    private String pool(String host) throws IOException {
        return admin.raw(
                "GET /api/v1/pool HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n"
                        .formatted(host));
    }

    private static String window(JsonNode rates, int index) {
        var window = rates.get("windows").get(index);
        return window.get("window").asString()
                + " "
                + window.get("seconds").asLong()
                + " "
                + window.get("hashesPerSecond").asLong();
    }
}
