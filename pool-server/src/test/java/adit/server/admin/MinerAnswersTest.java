package adit.server.admin;

import java.util.Locale;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import adit.ledger.postgres.LedgerCode;

import static org.assertj.core.api.Assertions.assertThat;

class MinerAnswersTest {
    private static final String ADDRESS = "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4";
    private static final String STRANGER = "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2";
    private static final long GIGA = 1_000_000_000;

    private final AdminFixture admin = new AdminFixture();

    @BeforeEach
    void starts() {
        admin.server.start();
    }

    @AfterEach
    void stops() {
        admin.close();
    }

    @Test
    void tellsWhatAMinerIsOwedToTheMillisatoshi() {
        admin.books.account(ADDRESS);
        admin.books.owes(ADDRESS, LedgerCode.MINER_IMMATURE, 2_099_999_999_999_999_999L);
        admin.books.owes(ADDRESS, LedgerCode.MINER_AVAILABLE, 1_001);

        var balances = admin.json(200, "/api/v1/miners/" + ADDRESS).get("balances");

        assertThat(balances.get("immatureMsat").isString()).isTrue();
        assertThat(balances.get("immatureMsat").asString()).isEqualTo("2099999999999999999");
        assertThat(balances.get("availableMsat").asString()).isEqualTo("1001");
    }

    @Test
    void sumsWorkersUnderAllTheirTerms() {
        var now = AdminFixture.NOW;
        admin.books.worker(ADDRESS, "attic", "PPLNS", 150);
        admin.books.worker(ADDRESS, "cellar", "PPLNS", 150);
        admin.books.worker(ADDRESS, "cellar", "PPLNS", 100);
        admin.books.work(ADDRESS, "attic", now.minusSeconds(86_400), GIGA, 430);
        admin.books.work(ADDRESS, "attic", now.minusSeconds(4000), GIGA, 86_000);
        admin.books.work(ADDRESS, "cellar", now.minusSeconds(10), GIGA, 330);
        admin.books.work(ADDRESS, "cellar", now.minusSeconds(3600), GIGA, 3300);
        admin.books.work(ADDRESS, "cellar", now.minusSeconds(90_000), GIGA, 77_777);

        var miner = admin.json(200, "/api/v1/miners/" + ADDRESS);

        assertThat(miner.get("lastShareAt").asString()).isEqualTo("2026-03-01T12:00:20Z");
        assertThat(miner.get("workersLastDay").asInt()).isEqualTo(2);
        assertThat(miner.at("/workers/0/name").asString()).isEqualTo("cellar");
        assertThat(miner.at("/workers/0/hashrate/0/hashesPerSecond").asLong()).isEqualTo(GIGA);
        assertThat(miner.at("/workers/0/hashrate/1/hashesPerSecond").asLong()).isEqualTo(GIGA);
        assertThat(miner.at("/workers/1/name").asString()).isEqualTo("attic");
        assertThat(miner.at("/workers/1/hashrate/1/hashesPerSecond").asLong()).isZero();
        assertThat(miner.at("/workers/1/hashrate/2/hashesPerSecond").asLong()).isEqualTo(GIGA);
        assertThat(miner.at("/hashrate/2/hashesPerSecond").asLong())
                .isEqualTo(GIGA * (86_430 + 3630) / 86_430);
    }

    @Test
    void doesNotCountTimeBeforeAWorkersFirstWork() {
        var now = AdminFixture.NOW;
        admin.books.worker(ADDRESS, "rig", "PPLNS", 150);
        admin.books.worker(ADDRESS, "new", "PPLNS", 150);
        admin.books.work(ADDRESS, "rig", now.minusSeconds(630), GIGA, 300);
        admin.books.work(ADDRESS, "new", now.minusSeconds(90), GIGA, 90);

        var miner = admin.json(200, "/api/v1/miners/" + ADDRESS);

        for (int window = 0; window < 3; window++) {
            assertThat(miner.at("/workers/0/hashrate/" + window + "/seconds").asInt())
                    .isEqualTo(90);
            assertThat(miner.at("/workers/0/hashrate/" + window + "/hashesPerSecond").asLong())
                    .isEqualTo(GIGA);
        }
        assertThat(miner.at("/hashrate/0/seconds").asInt()).isEqualTo(330);
        assertThat(miner.at("/hashrate/1/seconds").asInt()).isEqualTo(630);
        assertThat(miner.at("/hashrate/1/hashesPerSecond").asLong()).isEqualTo(GIGA * 390 / 630);
    }

    @Test
    void listsCreditsWithTheirBlocksMaturity() {
        var now = AdminFixture.NOW;
        admin.books.worker(ADDRESS, "rig", "PPLNS", 150);
        admin.books.block(1, now.minusSeconds(9000), ADDRESS, "ORPHANED", 0);
        admin.books.block(2, now.minusSeconds(5000), ADDRESS, "ACTIVE", 17);
        admin.books.distribution(1, ADDRESS, 300_000_001, 3);
        admin.books.distribution(2, ADDRESS, 300_000_002, 3);

        var credits = admin.json(200, "/api/v1/miners/" + ADDRESS).get("credits");

        assertThat(credits).hasSize(2);
        assertThat(credits.at("/0/creditMsat").asString()).isEqualTo("300000002");
        assertThat(credits.at("/0/block/state").asString()).isEqualTo("ACTIVE");
        assertThat(credits.at("/0/block/confirmations").asInt()).isEqualTo(17);
        assertThat(credits.at("/0/block/confirmationsNeeded").asInt()).isEqualTo(101);
        assertThat(credits.at("/1/block/state").asString()).isEqualTo("ORPHANED");
    }

    @Test
    void tellsWhatTheMinersScreenSaysAndWhy() {
        admin.books.worker(ADDRESS, "rig", "PPLNS", 150);
        admin.books.worker(ADDRESS, "asic", "PPLNS", 150);
        admin.books.work(ADDRESS, "rig", AdminFixture.NOW.minusSeconds(10), GIGA, 330);
        admin.books.work(ADDRESS, "asic", AdminFixture.NOW.minusSeconds(400), GIGA, 330);
        admin.firmware.show(ADDRESS + ".rig", admin.firmware.of("bitaxe/BM1370/v2.14.2"), false);
        admin.firmware.show(ADDRESS + ".asic", admin.firmware.of("Antminer S21/x"), false);

        var workers = admin.json(200, "/api/v1/miners/" + ADDRESS).get("workers");

        assertThat(workers.at("/0/screen/firmware").asString()).isEqualTo("AxeOS (Bitaxe)");
        assertThat(workers.at("/0/screen/text").asString())
                .contains("You don't have a share in the coinbase reward")
                .contains("the pool owes you");
        assertThat(workers.at("/1/screen").isNull()).isTrue();
    }

    @Test
    void knowsAnAddressInAnyOfItsSpellings() {
        admin.books.account(ADDRESS);

        var miner = admin.json(200, "/api/v1/miners/" + ADDRESS.toUpperCase(Locale.ROOT));

        assertThat(miner.get("account").asString()).isEqualTo(ADDRESS);
        assertThat(miner.get("payoutAddress").asString()).isEqualTo(ADDRESS);
        assertThat(miner.get("workers")).isEmpty();
        assertThat(miner.get("lastShareAt").isNull()).isTrue();
    }

    @Test
    void knowsAnAccountByNameAndThatItHasNoAddressYet() {
        admin.books.account("alice");
        admin.books.owes("alice", LedgerCode.MINER_AVAILABLE, 1_001);

        var miner = admin.json(200, "/api/v1/miners/alice");

        assertThat(miner.get("account").asString()).isEqualTo("alice");
        assertThat(miner.get("payoutAddress").isNull()).isTrue();
        assertThat(miner.at("/balances/availableMsat").asString()).isEqualTo("1001");
    }

    @Test
    void saysThatAnAddressIsUnknown() {
        assertThat(admin.json(404, "/api/v1/miners/" + STRANGER).get("error").asString())
                .isEqualTo("No share of this account has been accepted here.");
    }

    @Test
    void saysThatThisIsNoAddress() {
        assertThat(admin.json(400, "/api/v1/miners/" + ADDRESS + ".rig1").get("error").asString())
                .startsWith("This is no address of mainnet")
                .doesNotContain("rig1");
        admin.json(400, "/api/v1/miners/tb1qw508d6qejxtdg4y5r3zarvary0c5xw7kxpjzsx");
        admin.json(400, "/api/v1/miners/%3Cscript%3E");
        admin.json(400, "/api/v1/miners/" + "q".repeat(5000));
    }

    @Test
    void saysThatOnlyTheDatabaseWouldKnow() {
        admin.database.goesAway();

        assertThat(admin.json(503, "/api/v1/miners/" + ADDRESS).get("error").asString())
                .startsWith("PostgreSQL is away")
                .doesNotContain("db.internal");
    }
}
