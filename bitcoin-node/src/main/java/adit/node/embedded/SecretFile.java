package adit.node.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;

/// Files only their owner may read: the wallet's seed and the RPC cookie.
final class SecretFile {
    private SecretFile() {}

    /// The stored secret, made at the first call.
    static byte[] readOrMake(Path file, int bytes) throws IOException {
        if (!Files.exists(file)) {
            write(file, randomBytes(bytes));
        }
        var content = Files.readAllBytes(file);
        if (content.length != bytes) {
            throw new ChainUnavailable(file + " is not the secret it should be");
        }
        return content;
    }

    static byte[] randomBytes(int count) {
        var bytes = new byte[count];
        new SecureRandom().nextBytes(bytes);
        return bytes;
    }

    /// Writes it beside and moves it into place, so that nobody sees half of it.
    static void write(Path file, byte[] content) throws IOException {
        var beside = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(beside);
        Files.createFile(
                beside,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.write(beside, content);
        Files.move(
                beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
