package adit.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import adit.node.ChainFloor;
import adit.server.metrics.EventLog;

import static org.assertj.core.api.Assertions.assertThat;

final class FloorFileTest {

    private static final ChainFloor FLOOR = new ChainFloor(870_001, 0xff02ab12);

    @TempDir private Path data;

    @Test
    void readsWhatWasWritten() {
        file("mainnet").write(FLOOR);

        assertThat(file("mainnet").read()).isEqualTo(FLOOR);
    }

    @Test
    void saysNothingOfAnotherNetwork() {
        file("testnet4").write(FLOOR);

        assertThat(file("mainnet").read()).isEqualTo(ChainFloor.NONE);
    }

    @Test
    void writesNothingBeforeThePoolHasWorked() {
        file("mainnet").write(ChainFloor.NONE);

        assertThat(data).isEmptyDirectory();
        assertThat(file("mainnet").read()).isEqualTo(ChainFloor.NONE);
    }

    @Test
    void bearsADamagedFile() throws IOException {
        Files.writeString(data.resolve(FloorFile.NAME), "mainnet 5 six\n");

        assertThat(file("mainnet").read()).isEqualTo(ChainFloor.NONE);
    }

    private FloorFile file(String network) {
        return new FloorFile(data, network, new EventLog());
    }
}
