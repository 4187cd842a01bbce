package adit.server;

import java.util.ArrayDeque;
import java.util.Deque;

import org.jspecify.annotations.Nullable;

/// What has been opened so far, to be closed in the reverse order. Each part is closed even where closing another one
/// failed: a web server that does not stop must not cost the journal its clean end.
///
/// **Owner:** the thread that opens and closes.
public final class OpenParts implements AutoCloseable {
    private final Deque<Runnable> closings = new ArrayDeque<>();

    /// Notes how to close a part: before all that were opened earlier.
    public void opened(Runnable closing) {
        closings.push(closing);
    }

    /// Notes how to close a part after all others.
    void openedToTheLast(Runnable closing) {
        closings.addLast(closing);
    }

    /// Closes everything because of `cause`, which stays what is to be told.
    void closeAfter(RuntimeException cause) {
        try {
            close();
        } catch (RuntimeException failure) {
            cause.addSuppressed(failure);
        }
    }

    /// Closes everything, then throws the first failure there was.
    @Override
    public void close() {
        @Nullable RuntimeException first = null;
        while (!closings.isEmpty()) {
            try {
                closings.pop().run();
            } catch (RuntimeException failure) {
                if (first == null) {
                    first = failure;
                } else {
                    first.addSuppressed(failure);
                }
            }
        }
        if (first != null) {
            throw first;
        }
    }
}
