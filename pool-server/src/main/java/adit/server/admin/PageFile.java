package adit.server.admin;

import java.io.IOException;
import java.io.UncheckedIOException;

/// A file of the status page, from our own class path.
final class PageFile {
    private PageFile() {}

    static byte[] read(String name) {
        try (var in = PageFile.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("the build left out " + name);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
