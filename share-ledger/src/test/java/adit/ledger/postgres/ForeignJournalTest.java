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

        assertForeign(journal(1, UUID.randomUUID()), "belongs to another journal directory");
    }

    @Test
    void isRefusedWhereItsServerHasAnotherIdNow() {
        store(journal(1, node));

        assertForeign(journal(2, node), "this journal directory belongs to server id 1");
    }

    @Test
    void isRefusedAsAnOlderCopyInThePlaceOfTheOneThatWasLost() {
        store(journal(1, node).account(1, "a").account(2, "b"));

        assertForeign(
                journal(1, node, EVENING.plusSeconds(60)),
                "begins after it: an older copy of the journal directory");
    }

    /// Nothing proves that it is a copy: an operator may have given up too much.
    @Test
    void waitsWhereItEndsBeforeWhatIsStored() {
        store(journal(1, node).account(1, "a").account(2, "b"));

        assertRefused(journal(1, node), "record 3 of epoch 1 of server 1");
    }

    @Test
    void isRefusedAsAnOlderCopyHoweverFarItHasComeSince() {
        store(journal(1, node).account(1, "a").account(2, "b"));
        var copy = journal(1, node, EVENING.plusSeconds(60));
        for (int i = 1; i <= 5; i++) {
            copy.account(i, "other " + i);
        }

        var projector = projector(copy);
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(projector::runOnce)
                    .isInstanceOf(JournalForeign.class)
                    .hasMessageContaining("begins after it: an older copy");
        }
    }

    @Test
    void isRefusedAsAnOlderCopyAfterARestartToo() {
        store(journal(1, node).account(1, "a").account(2, "b"));
        var copy = journal(1, node, EVENING.plusSeconds(60)).beginEpoch();

        assertForeign(copy, "begins after it: an older copy");
    }

    @Test
    void isTakenWhereAnotherProjectorHasStoredPartOfIt() {
        var journal = journal(1, node).account(1, "a");
        store(journal);

        store(journal.later(60_000_000).account(2, "b"));
        store(journal.beginEpoch());
    }

    private void store(FakeShareSource journal) {
        assertThat(projector(journal).runOnce()).isPositive();
    }

    /// Also that it ends, and what it says then.
    private void assertForeign(FakeShareSource journal, String why) {
        var projector = projector(journal);
        assertThatThrownBy(projector::run)
                .isInstanceOf(JournalForeign.class)
                .hasMessageContaining(why);
        assertThat(projector.status().trouble()).contains(why);
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
        return journal(serverId, node, EVENING);
    }

    private static FakeShareSource journal(int serverId, UUID node, Instant begun) {
        return new FakeShareSource(serverId, node).at(begun).beginEpoch();
    }
}
