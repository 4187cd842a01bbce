package adit.ledger.journal;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ReferencesTest {

    private final References references =
            new References(
                    new JournalSettings(7, 1 << 20, 0, 2, 2 * References.WORKERS_PER_ACCOUNT));

    @Test
    void givesOneAccountAHundredThousandWorkersAndLeavesTheRestToOthers() {
        int farm = references.account("farm");
        int other = references.account("other");
        for (int i = 1; i <= 100_000; i++) {
            assertThat(worker(farm, "w" + i)).isEqualTo(i);
        }

        assertThat(worker(farm, "one more")).isEqualTo(References.FULL);
        assertThat(worker(farm, "w1")).isEqualTo(1);
        assertThat(worker(other, "one more")).isEqualTo(100_001);
    }

    private int worker(int account, String name) {
        return references.worker(account, name, "PPLNS", 100);
    }
}
