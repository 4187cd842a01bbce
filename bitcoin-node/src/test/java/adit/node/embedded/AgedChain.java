package adit.node.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The store of a chain of 102 blocks, made once, so that tests need not mine to maturity each.
final class AgedChain {
    private static final int BLOCKS = 102;
    private static final byte[] STORE = make();

    private AgedChain() {}

    static void copyTo(Path file) {
        try {
            Files.write(file, STORE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] make() {
        try {
            var file = Files.createTempDirectory("aged").resolve("chain.dat");
            try (var rig = new ChainRig(file)) {
                rig.mine(BLOCKS);
            }
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
