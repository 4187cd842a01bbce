package adit.node;

import java.io.IOException;
import java.util.ArrayList;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

final class FreePortsTest {

    /// By chance alone some forty of so many would be the same.
    private static final int MANY = 1_300;

    @Test
    void givesNoneTwice() throws IOException {
        var ports = new ArrayList<Integer>();
        for (int i = 0; i < MANY; i++) {
            ports.add(FreePorts.any());
        }

        assertThat(ports).doesNotHaveDuplicates();
    }
}
