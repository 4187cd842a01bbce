package adit.ledger.postgres;

import java.time.Instant;
import java.util.UUID;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/// A journal that is not the one the database knows by the server's id: nothing of it may be taken for stored.
final class ForeignJournalTest {
    private static final Instant EVENING = Instant.parse("2026-11-21T23:58:30Z");

    private final UUID node = UUID.randomUUID();
    private final TestDatabase database = TestDatabase.create();

    @AfterEach
    void dropDatabase() {
        database.close();
    }

    @Test
    void isRefusedUnderTheIdOfAnotherServer() {
        store(journal(1, node));

        assertRefused(journal(1, UUID.randomUUID()), "belongs to another journal directory");
    }

    @Test
    void isRefusedWhereItsServerHasAnotherIdNow() {
        store(journal(1, node));

        assertRefused(journal(2, node), "this journal directory belongs to server id 1");
    }

    @Test
    void isRefusedAsAnOlderCopyInThePlaceOfTheOneThatWasLost() {
        store(journal(1, node).account(1, "a").account(2, "b"));

        assertRefused(journal(1, node), "ends at 1: an older copy of the journal directory");
    }

    private void store(FakeShareSource journal) {
        assertThat(projector(journal).runOnce()).isPositive();
    }

    private void assertRefused(FakeShareSource journal, String why) {
        assertThatThrownBy(() -> projector(journal).runOnce())
                .isInstanceOf(ProjectionBroken.class)
                .hasMessageContaining(why);
    }

    private ShareProjector projector(FakeShareSource journal) {
        return new ShareProjector(database.dataSource(), journal, 100, _ -> {});
    }

    private static FakeShareSource journal(int serverId, UUID node) {
        return new FakeShareSource(serverId, node).at(EVENING).beginEpoch();
    }
}
