package adit.node;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

final class SubmitAnswerTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    duplicate                                                  | TAKEN
                    rejected: already have block 00000000000000000001          | TAKEN
                    inconclusive                                               | UNSURE
                    duplicate-inconclusive                                     | UNSURE
                    inconclusive-not-best-prevblk                              | UNSURE
                    prev-blk-not-found                                         | NOT_YET
                    duplicate-invalid                                          | REFUSED
                    high-hash                                                  | REFUSED
                    bad-cb-amount                                              | REFUSED
                    bad-prevblk                                                | REFUSED
                    time-too-new                                               | REFUSED
                    rejected: block hash of 7f is higher than expected max     | REFUSED
                    rejected: coinbase pays 2 which is more than expected      | REFUSED
                    a word nobody has heard yet                                | REFUSED
                    """)
    void readsTheWordsOfNodes(String word, SubmitAnswer answer) {
        assertThat(SubmitAnswer.of(word)).isEqualTo(answer);
    }
}
