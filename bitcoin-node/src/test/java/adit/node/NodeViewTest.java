package adit.node;

import java.util.List;

import org.junit.jupiter.api.Test;

import adit.pow.Hash;
import adit.pow.Template;

import static org.assertj.core.api.Assertions.assertThat;

final class NodeViewTest {
    private static final Hash A = Hash.ofContent(new byte[] {1});
    private static final Hash B = Hash.ofContent(new byte[] {2});
    private static final Hash C = Hash.ofContent(new byte[] {3});

    private final NodeView onA = NodeView.UNKNOWN.well(template(1, A, 11), Hash.ZERO);
    private final NodeView onB = onA.with(template(2, B, 12), A);

    @Test
    void isReadyWithItsFirstTemplate() {
        assertThat(onA.health()).isEqualTo(NodeHealth.READY);
        assertThat(onA.reason()).isEqualTo("at height 10");
        assertThat(onA.tip()).isEqualTo(A);
    }

    @Test
    void takesANewerTemplateOnItsTip() {
        assertThat(onA.with(template(5, A, 11), C).template())
                .isEqualTo(template(5, A, 11).template());
    }

    @Test
    void followsATipThatMovedWhileNobodyElseNoticed() {
        assertThat(onB.tip()).isEqualTo(B);
        assertThat(onB.height()).isEqualTo(11);
    }

    @Test
    void ignoresAnAnswerOlderThanItsTip() {
        assertThat(onB.with(template(3, A, 11), A)).isSameAs(onB);
        assertThat(onB.well(template(3, C, 13), A)).isSameAs(onB);
    }

    @Test
    void losesItsTemplateWithItsHealth() {
        var failed = onB.failed(NodeHealth.UNREACHABLE, "refuses connections");

        assertThat(failed.isReady()).isFalse();
        assertThat(failed.template()).isNull();
        assertThat(failed.height()).isEqualTo(11);
    }

    @Test
    void isNotRevivedByAnAnswerThatWasOnItsWay() {
        var failed = onB.failed(NodeHealth.SYNCING, "is downloading the chain");

        assertThat(failed.with(template(4, B, 12), B)).isSameAs(failed);
        assertThat(failed.with(template(4, C, 13), Hash.ZERO)).isSameAs(failed);
        assertThat(failed.well(template(4, B, 12), B)).isSameAs(failed);
        assertThat(failed.withFirst(template(4, C, 13).template(), Hash.ZERO)).isSameAs(failed);
    }

    @Test
    void takesTheFirstTemplateOfANewTipAndKeepsPollingForTheNext() {
        var first = onA.withFirst(template(4, B, 12).template(), A);

        assertThat(first.tip()).isEqualTo(B);
        assertThat(first.longPollId()).isEqualTo(onA.longPollId());
    }

    @Test
    void ignoresAFirstTemplateThatComesLate() {
        assertThat(onB.withFirst(template(4, C, 13).template(), A)).isSameAs(onB);
        assertThat(onB.withFirst(template(4, B, 12).template(), A)).isSameAs(onB);
    }

    private static NodeTemplate template(long id, Hash previous, int height) {
        return new NodeTemplate(
                new Template(id, 4, previous, height, 0x207fffff, 1, 2, 50, 50, List.of(), "one"),
                previous.displayHex());
    }
}
