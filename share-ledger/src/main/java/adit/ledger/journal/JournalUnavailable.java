package adit.ledger.journal;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.Locale;

/// The journal cannot take records: nothing may be acknowledged.
public final class JournalUnavailable extends RuntimeException {
    private static final long serialVersionUID = 1;

    public enum Reason {
        /// Another process (or journal of this one) holds the directory.
        LOCKED,
        /// A write met a full disk.
        DISK_FULL,
        /// The free space fell below the configured limit, before the disk was full.
        LOW_SPACE,
        /// The disk refused a read, write, sync or rename.
        IO_ERROR,
        /// Our own bug on the journal thread; nothing is trusted afterwards.
        BROKEN,
        /// Closed on purpose.
        CLOSED
    }

    private final Reason reason;

    JournalUnavailable(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    private JournalUnavailable(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    static JournalUnavailable of(String what, IOException cause) {
        var text = reason(cause);
        var lower = text.toLowerCase(Locale.ROOT);
        boolean full = lower.contains("no space left") || lower.contains("quota exceeded");
        return new JournalUnavailable(
                full ? Reason.DISK_FULL : Reason.IO_ERROR, what + ": " + text, cause);
    }

    /// Of some failures the message is the file's name alone; what happened stands in the type.
    private static String reason(IOException cause) {
        return switch (cause) {
            case AccessDeniedException e -> e.getFile() + ": permission denied";
            case NoSuchFileException e -> e.getFile() + ": there is no such place";
            case FileAlreadyExistsException e -> e.getFile() + ": is not a directory";
            case NotDirectoryException e -> e.getFile() + ": is not a directory";
            default -> String.valueOf(cause.getMessage());
        };
    }

    static JournalUnavailable broken(Throwable cause) {
        return new JournalUnavailable(Reason.BROKEN, "journal thread failed: " + cause, cause);
    }

    public Reason reason() {
        return reason;
    }
}
