package adit.server;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

import adit.node.ChainFloor;
import adit.server.keep.SnapshotFile;
import adit.server.metrics.EventLog;

/// The height and difficulty the pool has mined at, in a small file: what a node may not fall far below after a
/// restart either. A file of another network says nothing.
///
/// **Owner:** one thread at a time.
final class FloorFile {

    static final String NAME = "chain-floor";

    private static final int VERSION = 1;
    private static final int MAX_BYTES = 256;
    private static final int WORDS = 3;
    private static final int HEX = 16;

    private final SnapshotFile file;
    private final String network;

    FloorFile(Path dataDirectory, String network, EventLog events) {
        this.file = new SnapshotFile(dataDirectory.resolve(NAME), NAME, VERSION, MAX_BYTES, events);
        this.network = network;
    }

    ChainFloor read() {
        return file.read().stream().findFirst().flatMap(this::parse).orElse(ChainFloor.NONE);
    }

    /// Nothing is written before there is something to say.
    void write(ChainFloor floor) {
        if (floor.height() > 0) {
            file.write(List.of("%s %d %08x".formatted(network, floor.height(), floor.nBits())));
        }
    }

    private Optional<ChainFloor> parse(String line) {
        var words = line.split(" ", WORDS);
        if (words.length != WORDS || !words[0].equals(network)) {
            return Optional.empty();
        }
        try {
            int height = Integer.parseInt(words[1]);
            int nBits = Integer.parseUnsignedInt(words[2], HEX);
            return height > 0 ? Optional.of(new ChainFloor(height, nBits)) : Optional.empty();
        } catch (NumberFormatException foreign) {
            return Optional.empty();
        }
    }
}
