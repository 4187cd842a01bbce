package adit.server.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;

/// Where a pool under measurement has its files and its ports, which it is told before it starts.
///
/// The ports lie below those a system gives to outgoing connections: of two thousand miners that connect, one's own
/// end would now and then be a port that the pool has still to open.
record BenchPlace(Path directory, int stratumPort, int varyingPort, int webPort) {

    private static final int FIRST = 12_000;
    private static final int PORTS = 20_001;
    private static final int OF_A_POOL = 3;

    /// With ports that nobody listens on. Each process looks from another one on, so that two benches do not take the
    /// same before either has opened them.
    static BenchPlace in(Path directory) {
        long begin = ProcessHandle.current().pid() * OF_A_POOL;
        for (int looked = 0; looked < PORTS; looked += OF_A_POOL) {
            int port = FIRST + (int) ((begin + looked) % PORTS);
            if (isFree(port) && isFree(port + 1) && isFree(port + 2)) {
                return new BenchPlace(directory, port, port + 1, port + 2);
            }
        }
        throw new BenchFailed("no three ports are free from " + FIRST + " on");
    }

    private static boolean isFree(int port) {
        try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException taken) {
            return false;
        }
    }
}
