package adit.server.block;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import adit.pow.Hash;
import adit.server.keep.WholeFile;

/// Found blocks on disk: one file a block, named `height-hash.block`, in the directory that says where the
/// block stands: `pending`, `delivered` or `refused`. A file holds the serialised block as `submitblock`
/// takes it, so an operator can always submit one by hand.
///
/// Until the journal has the block's record, that lies beside it in `pending`: `height-hash.record`.
///
/// Where the first place cannot be written, the second is, if there is one.
final class BlockFiles {

    private static final Logger LOG = LoggerFactory.getLogger(BlockFiles.class);
    private static final String BLOCK = ".block";
    private static final String RECORD = ".record";
    private static final Pattern NAME =
            Pattern.compile("(?<height>\\d{1,9})-(?<hash>[0-9a-f]{64})(?<suffix>\\.[a-z]+)");

    record Pending(int height, Hash hash, Path file) {
        /// Empty where it is not pending any more.
        Optional<byte[]> read() throws IOException {
            try {
                return Optional.of(Files.readAllBytes(file));
            } catch (NoSuchFileException gone) {
                return Optional.empty();
            }
        }
    }

    private final List<Path> places;

    /// @param places in the order in which they are tried, at least one
    /// @throws UncheckedIOException where the directories cannot be made
    BlockFiles(List<Path> places) {
        this.places = List.copyOf(places);
        try {
            for (var place : places) {
                for (var state : List.of("pending", "delivered", "refused")) {
                    Files.createDirectories(place.resolve(state));
                }
            }
        } catch (IOException cannot) {
            throw new UncheckedIOException(
                    "The directory for found blocks cannot be used: "
                            + cannot
                            + ". Make it writable, or set another pool.data-directory or pool.second-block-directory.",
                    cannot);
        }
    }

    /// Durable when this returns: the file and its name.
    void write(int height, Hash hash, byte[] block) throws IOException {
        write(height, hash, BLOCK, block);
    }

    /// Likewise.
    void writeRecord(int height, Hash hash, byte[] record) throws IOException {
        write(height, hash, RECORD, record);
    }

    private void write(int height, Hash hash, String suffix, byte[] bytes) throws IOException {
        var troubles = new ArrayList<String>();
        for (var place : places) {
            try {
                WholeFile.write(pending(place, height, hash, suffix), bytes);
                return;
            } catch (IOException cannot) {
                LOG.debug("block {} could not be written", hash.displayHex(), cannot);
                troubles.add(cannot.toString());
            }
        }
        throw new IOException(String.join("; ", troubles));
    }

    List<Pending> pending() throws IOException {
        return pending(BLOCK);
    }

    /// Of blocks that may not be in the journal.
    List<Pending> records() throws IOException {
        return pending(RECORD);
    }

    /// The journal has it.
    void recorded(int height, Hash hash) throws IOException {
        for (var place : places) {
            Files.deleteIfExists(pending(place, height, hash, RECORD));
        }
    }

    private List<Pending> pending(String suffix) throws IOException {
        var pending = new ArrayList<Pending>();
        for (var place : places) {
            try (var files = Files.list(place.resolve("pending"))) {
                files.map(file -> parse(file, suffix))
                        .flatMap(Optional::stream)
                        .forEach(pending::add);
            }
        }
        return pending;
    }

    void delivered(int height, Hash hash) throws IOException {
        move(height, hash, "delivered");
    }

    void refused(int height, Hash hash) throws IOException {
        move(height, hash, "refused");
    }

    private void move(int height, Hash hash, String to) throws IOException {
        for (var place : places) {
            var from = pending(place, height, hash, BLOCK);
            try {
                WholeFile.move(from, place.resolve(to).resolve(from.getFileName()));
            } catch (NoSuchFileException gone) {
                // It was never written here, or another process that serves this directory has
                // delivered it too.
                LOG.debug("no file of block {} is pending", hash.displayHex(), gone);
            }
        }
    }

    private static Path pending(Path place, int height, Hash hash, String suffix) {
        return place.resolve("pending").resolve(height + "-" + hash.displayHex() + suffix);
    }

    /// Empty for a file that is none of ours.
    private static Optional<Pending> parse(Path file, String suffix) {
        var name = NAME.matcher(file.getFileName().toString());
        return name.matches() && name.group("suffix").equals(suffix)
                ? Optional.of(
                        new Pending(
                                Integer.parseInt(name.group("height")),
                                Hash.fromDisplayHex(name.group("hash")),
                                file))
                : Optional.empty();
    }
}
