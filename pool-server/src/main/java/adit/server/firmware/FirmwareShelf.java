package adit.server.firmware;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;

import adit.server.config.BadConfiguration;
import adit.server.config.Reread;

/// The firmware book in force, and what the owners of firmware that reads coinbases see on their screens just now.
///
/// A book is read at start and again when the operator says so; a bad one is refused in a line, and the one before
/// stays. Connections that are open keep what they were served by.
///
/// **Owner:** any thread reads; one at a time reloads. **Limits:** [#MAX_SCREENS] screens; the rest are not shown.
public final class FirmwareShelf {
    static final int MAX_SCREENS = 100_000;

    private final @Nullable Path file;
    private final ConcurrentHashMap<String, Screen> screens = new ConcurrentHashMap<>();
    private volatile FirmwareBook book;

    /// A firmware whose owner sees something particular, and what.
    public record Screen(String firmware, String text) {}

    /// @param file absent where the book this pool was built with is used
    /// @throws BadConfiguration with one line about what is wrong with it
    public FirmwareShelf(@Nullable Path file) {
        this.file = file;
        book = file == null ? FirmwareFile.builtIn() : FirmwareFile.read(file);
    }

    /// Looked up once for a connection, when its agent is learnt.
    public Firmware of(String agent) {
        return book.of(agent);
    }

    /// Reads the book again.
    ///
    /// @return what came of it, for the operator
    public Reread reload() {
        if (file == null) {
            return Reread.taken(
                    "firmware book: the built-in one is used, pool.firmware-book names no file");
        }
        try {
            var read = FirmwareFile.read(file);
            book = read;
            return Reread.taken(
                    "firmware book: read again, %d %s of firmware"
                            .formatted(
                                    read.entries().size(),
                                    read.entries().size() == 1 ? "kind" : "kinds"));
        } catch (BadConfiguration bad) {
            return Reread.refused(
                    "firmware book: kept the one before, because " + bad.getMessage());
        }
    }

    /// A worker has logged in; what its owner sees, if anything particular, is shown until [#hide].
    public void show(String worker, Firmware firmware, boolean paysFinder) {
        var text = firmware.screen(paysFinder);
        if (!text.isEmpty() && screens.size() < MAX_SCREENS) {
            screens.put(worker, new Screen(firmware.name(), text));
        }
    }

    /// That worker's connection is gone.
    public void hide(String worker, Firmware firmware, boolean paysFinder) {
        var text = firmware.screen(paysFinder);
        if (!text.isEmpty()) {
            screens.remove(worker, new Screen(firmware.name(), text));
        }
    }

    /// What a worker's owner sees just now, if it is connected and sees anything particular.
    ///
    /// @param worker its name in full, as in `address.rig`
    public Optional<Screen> screen(String worker) {
        return Optional.ofNullable(screens.get(worker));
    }
}
