package adit.node;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/// The nodes tests can start on this machine; the embedded chain stands in for a program that is not installed.
public enum LocalNode {
    EMBEDDED,
    BTCD,
    BITCOIN_CORE;

    /// Starts this node or its stand-in, and says which.
    public NodeUnderTest start() throws Exception {
        var program = program();
        System.out.println(
                name().toLowerCase(Locale.ROOT)
                        + ": "
                        + program.map(path -> path.toString()).orElse("embedded chain"));
        if (program.isEmpty()) {
            return EmbeddedNode.start();
        }
        return this == BTCD ? BtcdNode.start(program.get()) : BitcoinCoreNode.start(program.get());
    }

    /// Whether it is this very node that would start.
    public boolean isHere() {
        return this == EMBEDDED || program().isPresent();
    }

    private Optional<Path> program() {
        return switch (this) {
            case EMBEDDED -> Optional.empty();
            case BTCD -> BtcdNode.program();
            case BITCOIN_CORE -> BitcoinCoreNode.program();
        };
    }
}
