package adit.node;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

final class ProposalTest {
    @ParameterizedTest
    @ValueSource(strings = {"duplicate", "duplicate-inconclusive"})
    void aBlockTheNodeHasIsValid(String word) {
        assertThat(Proposal.of(word)).isEqualTo(new Proposal.Valid());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "inconclusive-not-best-prevblk",
                "inconclusive-not-best-prvblk",
                "bad-prevblk"
            })
    void aTipThatMovedIsNoFaultOfTheTemplate(String word) {
        assertThat(Proposal.of(word)).isEqualTo(new Proposal.Outdated());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bad-cb-amount",
                "bad-txnmrklroot",
                "duplicate-invalid",
                "prev-blk-not-found",
                "a word nobody has heard yet"
            })
    void anyOtherWordIsARefusal(String word) {
        assertThat(Proposal.of(word)).isEqualTo(new Proposal.Invalid(word));
    }
}
