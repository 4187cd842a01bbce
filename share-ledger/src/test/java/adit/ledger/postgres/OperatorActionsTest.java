package adit.ledger.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

final class OperatorActionsTest {
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

    private final TestDatabase database = TestDatabase.create();
    private final FakeShareSource journal = new FakeShareSource(3).at(NOON).beginEpoch();
    private Connection connection;

    @BeforeEach
    void open() throws SQLException {
        project();
        connection = database.dataSource().getConnection();
    }

    @AfterEach
    void close() throws SQLException {
        connection.close();
        database.close();
    }

    @Test
    void declaresAServerLostAndTakesItBack() throws Exception {
        assertThat(at(120).declareLost(3))
                .isEqualTo(
                        "Server 3 is lost: settlement does not wait for what it took after 2026-11-21T12:00:00Z."
                                + " It does again when the server stores something.");
        assertThat(JournalCursors.servers(connection).getFirst().isLost()).isTrue();
        assertThatThrownBy(() -> at(121).declareLost(3))
                .isInstanceOf(OperatorActions.Refused.class)
                .hasMessage("Server 3 is declared lost since 2026-11-21T12:02:00Z.");

        assertThat(at(130).declareFound(3))
                .isEqualTo("Server 3 is not lost: settlement waits for it.");
        assertThat(JournalCursors.servers(connection).getFirst().isLost()).isFalse();
        assertThatThrownBy(() -> at(131).declareFound(3))
                .hasMessage("Server 3 is not declared lost.");
        assertThat(trail())
                .isEqualTo("12:02:00 anna: Server 3 is lost|12:02:10 anna: Server 3 is not ");
    }

    @Test
    void refusesToLoseAServerThatRuns() throws Exception {
        assertThatThrownBy(() -> at(59).declareLost(3))
                .hasMessageContaining("so it runs: stop it first");
        assertThatThrownBy(() -> at(120).declareLost(4)).hasMessage("There is no server 4.");
        assertThat(JournalCursors.servers(connection).getFirst().isLost()).isFalse();
        assertThat(trail()).isNull();
    }

    @Test
    void givesUpRecordsThatAreGone() throws Exception {
        journal.tip().tip().tip().keepFrom(1, 4);
        assertThatThrownBy(this::project).isInstanceOf(ProjectionBroken.class);

        assertThatThrownBy(() -> at(1).skipTo(3, 1, 2))
                .hasMessage("Record 2 of epoch 1 of server 3 is stored; the next is 2.");
        assertThatThrownBy(() -> at(1).skipTo(3, 2, 4))
                .hasMessage("Server 3 has no epoch 2 that is not wholly stored.");
        assertThat(at(2).skipTo(3, 1, 4))
                .isEqualTo(
                        "Records 2 to 3 of epoch 1 of server 3 are given up; record 4 is stored next.");
        project();
    }

    @Test
    void givesUpAnEpochWhoseFilesAreGone() throws Exception {
        var block = new Position(Times.micros(NOON) + 1, 9, 1, 1);
        journal.later(10).beginEpoch().tip();
        new ShareProjector(database.dataSource(), journal.readBy(2, List.of(1)), 100, _ -> {})
                .runOnce();
        assertThat(JournalCursors.havePassed(connection, block)).isFalse();

        assertThat(at(60).skipRest(3, 1))
                .isEqualTo("All records from 2 on of epoch 1 of server 3 are given up.");

        assertThat(JournalCursors.havePassed(connection, block)).isTrue();
    }

    @Test
    void doesNotGiveUpWhatAServerStillWrites() throws Exception {
        assertThatThrownBy(() -> at(59).skipRest(3, 1))
                .isInstanceOf(OperatorActions.Refused.class)
                .hasMessageContaining("so it is being written: stop the server first");
        at(60).skipRest(3, 1);
        project();
        assertThat(cursor().isOver()).isTrue();

        journal.tip().tip();
        project();

        assertThat(cursor().nextSequence()).isEqualTo(4);
        assertThat(cursor().isOver()).isFalse();
    }

    @Test
    void givesUpWhatIsLostBehindADamagedEnd() throws Exception {
        journal.damageEndOf(1).beginEpoch().tip().tip();
        assertThatThrownBy(this::project).hasMessageContaining("damage behind record 1");

        at(60).skipRest(3, 1);
        project();

        assertThat(cursor())
                .extracting(JournalCursors.Cursor::epoch, JournalCursors.Cursor::nextSequence)
                .containsExactly(2, 4L);
    }

    @Test
    void keepsWhatWasDecided() throws Exception {
        at(120).declareLost(3);
        try (var statement = connection.createStatement()) {
            assertThatThrownBy(() -> statement.execute("DELETE FROM pool.operator_action"))
                    .hasMessageContaining("never change");
        }
    }

    private JournalCursors.Cursor cursor() throws SQLException {
        return JournalCursors.servers(connection).getFirst().cursors().getLast();
    }

    private OperatorActions at(long second) {
        return new OperatorActions(connection, "anna", NOON.plusSeconds(second));
    }

    private void project() {
        var projector = new ShareProjector(database.dataSource(), journal, 100, _ -> {});
        while (projector.runOnce() > 0) {
            assertThat(projector.status().trouble()).isEmpty();
        }
    }

    private String trail() throws SQLException {
        try (var statement = connection.createStatement();
                var rows =
                        statement.executeQuery(
                                """
                                SELECT string_agg(to_char(at AT TIME ZONE 'UTC', 'HH24:MI:SS') || ' ' || who || ': '
                                    || left(what, 16), '|' ORDER BY id)
                                FROM pool.operator_action
                                """)) {
            rows.next();
            return rows.getString(1);
        }
    }
}
