package adit.server;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class OpenFilesTest {

    @Test
    void leavesATenthToThePoolItself() {
        assertThat(OpenFiles.forMiners(20_000)).isEqualTo(18_000);
        assertThat(OpenFiles.forMiners(5_120)).isEqualTo(4_608);
    }

    @Test
    void leavesWhatThePoolNeedsWhereATenthIsLess() {
        assertThat(OpenFiles.forMiners(5_110)).isEqualTo(5_110 - 512);
        assertThat(OpenFiles.forMiners(1_024)).isEqualTo(512);
    }

    @Test
    void givesMinersHalfOfVeryFew() {
        assertThat(OpenFiles.forMiners(1_023)).isEqualTo(511);
        assertThat(OpenFiles.forMiners(256)).isEqualTo(128);
    }
}
