package adit.server.config;

import java.nio.file.Path;

/// A configuration the pool will not start with. The message is one line for the operator: file, line, key, and what to do.
public final class BadConfiguration extends RuntimeException {
    private static final long serialVersionUID = 1;

    BadConfiguration(Path file, int line, String problem) {
        super(file + ":" + line + ": " + problem);
    }

    /// Of a file in which no line could be read.
    BadConfiguration(Path file, String problem) {
        super(file + ": " + problem);
    }
}
