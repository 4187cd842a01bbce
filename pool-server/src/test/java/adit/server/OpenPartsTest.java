package adit.server;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class OpenPartsTest {
    private final List<String> closed = new ArrayList<>();
    private final OpenParts parts = new OpenParts();

    @Test
    void closesInTheReverseOrder() {
        parts.opened(() -> closed.add("journal"));
        parts.openedToTheLast(() -> closed.add("ledger"));
        parts.opened(() -> closed.add("ports"));

        parts.close();
        parts.close();

        assertThat(closed).containsExactly("ports", "journal", "ledger");
    }

    @Test
    void closesTheOthersWhereOneFails() {
        parts.opened(() -> closed.add("journal"));
        parts.opened(() -> {
            throw new IllegalStateException("nodes");
        });
        parts.opened(() -> {
            throw new IllegalStateException("web");
        });

        assertThatThrownBy(parts::close)
                .hasMessage("web")
                .satisfies(e -> assertThat(e.getSuppressed()).hasSize(1));
        assertThat(closed).containsExactly("journal");
    }

    @Test
    void keepsTheCauseOfClosingInFrontOfWhatFailsOnTheWay() {
        var cause = new IllegalStateException("the port is in use");
        parts.opened(() -> closed.add("journal"));
        parts.opened(() -> {
            throw new IllegalStateException("web");
        });

        parts.closeAfter(cause);

        assertThat(cause.getSuppressed()).extracting(Throwable::getMessage).containsExactly("web");
        assertThat(closed).containsExactly("journal");
    }
}
