package adit.server.admin;

import java.util.ArrayList;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class BlockAnswersTest {
    private static final String ADDRESS = "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4";

    private final AdminFixture admin = new AdminFixture();

    @BeforeEach
    void starts() {
        admin.books.worker(ADDRESS, "rig", "PPLNS", 150);
        admin.server.start();
    }

    @AfterEach
    void stops() {
        admin.close();
    }

    @Test
    void tellsEverythingOfABlock() {
        admin.books.block(5, AdminFixture.NOW.minusSeconds(60), ADDRESS, "ACTIVE", 17);
        admin.books.distribution(5, ADDRESS, 300_000_002, 7);

        var block = admin.json(200, "/api/v1/blocks").at("/blocks/0");

        assertThat(block.get("hash").asString())
                .isEqualTo("00000000000000000000000000000000000000000000000000000000" + "05000000")
                .isEqualTo(SeededBooks.hash(5).displayHex());
        assertThat(block.get("height").asInt()).isEqualTo(840_005);
        assertThat(block.get("time").asString()).isEqualTo("2026-03-01T11:59:30Z");
        assertThat(block.get("finder").asString()).isEqualTo(ADDRESS);
        assertThat(block.get("worker").asString()).isEqualTo("rig");
        assertThat(block.get("scheme").asString()).isEqualTo("PPLNS");
        assertThat(block.get("feeBps").asInt()).isEqualTo(150);
        assertThat(block.get("rewardSats").asLong()).isEqualTo(312_500_005);
        assertThat(block.get("state").asString()).isEqualTo("ACTIVE");
        assertThat(block.get("confirmations").asInt()).isEqualTo(17);
        assertThat(block.get("confirmationsNeeded").asInt()).isEqualTo(101);
        assertThat(block.at("/credited/miners").asInt()).isEqualTo(1);
        assertThat(block.at("/credited/creditsMsat").asString()).isEqualTo("300000002");
        assertThat(block.at("/credited/feeMsat").asString()).isEqualTo("7");
    }

    @Test
    void leavesOutWhatIsNotSettled() {
        admin.books.block(1, AdminFixture.NOW, ADDRESS, "FOUND", 0);

        assertThat(admin.json(200, "/api/v1/blocks").at("/blocks/0/credited").isNull()).isTrue();
    }

    @Test
    void leadsFromPageToPageThroughEveryBlockOnce() {
        for (int i = 1; i <= 5; i++) {
            // Two in one second: the order goes by sequence then.
            admin.books.block(i, AdminFixture.NOW.plusSeconds(i / 2), ADDRESS, "MATURE", 101);
        }
        var heights = new ArrayList<Integer>();
        var next = "/api/v1/blocks?limit=2";
        while (next != null) {
            var page = admin.json(200, next);
            page.get("blocks").forEach(block -> heights.add(block.get("height").asInt()));
            next = page.get("next").isNull() ? null : page.get("next").asString();
        }

        assertThat(heights).containsExactly(840_005, 840_004, 840_003, 840_002, 840_001);
    }

    @Test
    void boundsItsParameters() {
        for (var limit : new String[] {"0", "101", "-1", "", "1e2", "99999999999999999999"}) {
            assertThat(admin.json(400, "/api/v1/blocks?limit=" + limit).get("error").asString())
                    .isEqualTo("limit is a whole number from 1 to 100.");
        }
        admin.json(200, "/api/v1/blocks?limit=100");
        admin.json(400, "/api/v1/blocks?before=123");
        admin.json(404, "/api/v1/blocks?before=" + "ab".repeat(32));
    }

    @Test
    void saysThatOnlyTheDatabaseWouldKnow() {
        admin.database.goesAway();

        assertThat(admin.json(503, "/api/v1/blocks").get("error").asString())
                .startsWith("PostgreSQL is away");
    }
}
