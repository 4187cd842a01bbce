package adit.server.admin;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import adit.server.source.LoadLevel;

import static org.assertj.core.api.Assertions.assertThat;

class HealthAnswersTest {
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
    void isWellWhenMinersAreServedAndSharesAreStored() {
        assertThat(states(200)).isEqualTo("OK: listeners=OK journal=OK nodes=OK database=OK");
    }

    @Test
    void isDegradedButServesWhileTheDatabaseIsAway() {
        admin.database.goesAway();
        admin.server.lookNow();

        assertThat(states(200))
                .isEqualTo("DEGRADED: listeners=OK journal=OK nodes=OK database=DEGRADED");
    }

    @Test
    void isDegradedWhileMinersKeepTheirLastJob() {
        admin.pool.losesTheNodes(true);

        assertThat(states(200))
                .isEqualTo("DEGRADED: listeners=OK journal=OK nodes=DEGRADED database=OK");
    }

    @Test
    void isDownWithoutATemplate() {
        admin.pool.losesTheNodes(false);

        assertThat(states(503)).isEqualTo("DOWN: listeners=OK journal=OK nodes=DOWN database=OK");
        assertThat(admin.json(503, "/api/v1/health").at("/parts/2/line").asString())
                .isEqualTo("first is UNREACHABLE: connection refused");
    }

    @Test
    void tellsThatItDrains() {
        admin.pool.drains();

        assertThat(states(200))
                .isEqualTo("DEGRADED: listeners=DEGRADED journal=OK nodes=OK database=OK");
        assertThat(admin.json(200, "/api/v1/health").at("/parts/0/line").asString())
                .isEqualTo("Draining: no new connections, 12 still served.");
    }

    @Test
    void tellsThatItHasTooMuchToDo() {
        admin.pool.labours(LoadLevel.SELECTIVE);
        admin.server.lookNow();

        assertThat(states(200))
                .isEqualTo("DEGRADED: listeners=OK journal=OK nodes=OK database=OK load=DEGRADED");
        assertThat(admin.json(200, "/api/v1/health").at("/parts/4/line").asString())
                .isEqualTo("Too much to do: load level 2.");
        assertThat(admin.json(200, "/api/v1/pool").get("loadLevel").asInt()).isEqualTo(2);
    }

    @Test
    void isDownWithoutAJournal() {
        admin.pool.losesTheJournal();

        assertThat(states(503)).isEqualTo("DOWN: listeners=DOWN journal=DOWN nodes=OK database=OK");
        assertThat(admin.json(503, "/api/v1/health").at("/parts/1/line").asString())
                .isEqualTo("the disk is full");
    }

    @Test
    void tellsOfOneRecordThatItWaits() {
        admin.books.cursor(903);
        admin.server.lookNow();

        assertThat(admin.json(200, "/api/v1/health").at("/parts/3/line").asString())
                .isEqualTo("One durable record waits to be stored.");
    }

    private String states(int status) {
        var health = admin.json(status, "/api/v1/health");
        var text = new StringBuilder(health.get("state").asString()).append(':');
        health.get("parts")
                .forEach(part ->
                        text.append(' ')
                                .append(part.get("name").asString())
                                .append('=')
                                .append(part.get("state").asString()));
        return text.toString();
    }
}
