package adit.system;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

import adit.node.FreePorts;

/// A pool's directory, ports and configuration file for one test, written as an operator would.
record PoolFiles(Path directory, int serverId, int stratumPort, int webPort) {

    static PoolFiles in(Path directory) throws IOException {
        return new PoolFiles(directory, 0, FreePorts.any(), FreePorts.any());
    }

    /// One server of a pool that has several.
    static PoolFiles of(int serverId, Path directory) throws IOException {
        Files.createDirectories(directory);
        return new PoolFiles(directory, serverId, FreePorts.any(), FreePorts.any());
    }

    Path config() {
        return directory.resolve("pool.toml");
    }

    Path data() {
        return directory.resolve("data");
    }

    Path journal() {
        return data().resolve("journal");
    }

    URI pool() {
        return URI.create("stratum+tcp://127.0.0.1:" + stratumPort);
    }

    /// Writes the configuration, and the password where it says.
    void write(PoolChoices choices) throws IOException {
        var password = directory.resolve("database-password");
        Files.writeString(password, choices.database().password());
        Files.setPosixFilePermissions(password, PosixFilePermissions.fromString("rw-------"));
        Files.writeString(config(), choices.toml(this, password));
    }
}
