package adit.server.command;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

import adit.node.ChainParameters;
import adit.server.CannotStart;
import adit.server.PoolServer;
import adit.server.config.ConfigFile;
import adit.server.config.PoolConfig;
import adit.server.control.ControlSocket;
import adit.server.control.ControlUnavailable;

/// A configuration file as a start reads it, and the chain it names.
record PoolFile(PoolConfig config, ChainParameters chain) {

    /// @throws adit.server.config.BadConfiguration with one line for the operator, the place in the file before it
    static PoolFile read(Path file, Map<String, String> environment) {
        var config = ConfigFile.read(file, environment);
        var chain = ChainParameters.of(config.pool().network().name().toLowerCase(Locale.ROOT));
        try {
            PoolServer.checkPayoutAddress(config, chain);
        } catch (CannotStart bad) {
            throw ConfigFile.badPayoutAddress(file, String.valueOf(bad.getMessage()));
        }
        try {
            ControlSocket.checkPath(config.pool().dataDirectory());
        } catch (ControlUnavailable tooLong) {
            throw ConfigFile.badDataDirectory(file, String.valueOf(tooLong.getMessage()));
        }
        for (int i = 0; i < config.splits().size(); i++) {
            try {
                PoolServer.checkSplit(config, config.splits().get(i), chain);
            } catch (CannotStart bad) {
                throw ConfigFile.badPayees(file, i, String.valueOf(bad.getMessage()));
            }
        }
        return new PoolFile(config, chain);
    }
}
