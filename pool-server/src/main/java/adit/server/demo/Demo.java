package adit.server.demo;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.time.LocalTime;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;

import adit.ledger.postgres.LocalPostgres;
import adit.miner.MinerEvents;
import adit.miner.MinerSettings;
import adit.miner.V1Miner;
import adit.node.embedded.EmbeddedChain;
import adit.node.embedded.EmbeddedChainSettings;
import adit.server.Database;
import adit.server.OpenParts;
import adit.server.PoolServer;
import adit.server.control.ControlSocket;
import adit.server.net.PortUnavailable;

/// A whole pool on this machine: database, chain, pool and two miners, started in that order and stopped in
/// the reverse. What it did before, it goes on from.
public final class Demo implements AutoCloseable {

    private static final int DATABASE_CONNECTIONS = 8;
    private static final int SCREEN_EVERY_SECONDS = 5;

    private final DemoSettings settings;
    private final PrintWriter out;
    private final Runnable drained;
    private final OpenParts parts = new OpenParts();

    /// @param drained called when the pool was drained: everything is to be closed
    public Demo(DemoSettings settings, PrintWriter out, Runnable drained) {
        this.drained = drained;
        this.settings = settings;
        this.out = out;
    }

    /// Starts everything, saying what it does; returns when the miners mine.
    ///
    /// @throws DemoUnavailable before anything has begun, where it runs already or a port is in use
    /// @throws adit.server.control.ControlUnavailable likewise, where its directory has too long a path
    public void start() {
        refuseASecondOne();
        refuseAPortInUse("--stratum-port", settings.stratumPort());
        refuseAPortInUse("--web-port", settings.webPort());
        var postgresDirectory = DemoSettings.postgres(settings.directory());
        say("starting PostgreSQL in " + postgresDirectory);
        var postgres = LocalPostgres.start(postgresDirectory);
        parts.opened(postgres::close);
        var database = Database.over(postgres.dataSource(), DATABASE_CONNECTIONS);
        parts.opened(database::close);

        say("starting the embedded chain in " + settings.directory().resolve("chain"));
        var chainSettings = EmbeddedChainSettings.demo(DemoSettings.POW_LIMIT_NBITS, 0, 0);
        var chain =
                EmbeddedChain.start(
                        settings.directory().resolve("chain"),
                        chainSettings,
                        InstantSource.system(),
                        new SecureRandom());
        parts.opened(chain::close);

        say("starting the pool");
        var pool =
                new PoolServer(
                        settings.config(chain), chainSettings.parameters(), database, drained);
        parts.opened(pool::close);
        pool.start();

        var loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        parts.opened(() -> loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly());
        var fast =
                startMiner(
                        DemoSettings.FAST_MINER + ".fast",
                        DemoSettings.FAST_HASHES_PER_SECOND,
                        loops);
        var slow =
                startMiner(
                        DemoSettings.SLOW_MINER + ".slow",
                        DemoSettings.SLOW_HASHES_PER_SECOND,
                        loops);

        sayWhatToDo();
        startScreen(
                new DemoScreen(
                        database.connections(),
                        List.of(
                                new DemoScreen.Mine("fast", DemoSettings.FAST_MINER, fast),
                                new DemoScreen.Mine("slow", DemoSettings.SLOW_MINER, slow)),
                        out,
                        LocalTime::now));
    }

    /// The database of the demo that runs on this data directory.
    ///
    /// @throws DemoUnavailable where none runs
    public static Database database(Path directory) {
        return LocalPostgres.running(DemoSettings.postgres(directory))
                .map(source -> Database.over(source, 1))
                .orElseThrow(() ->
                        new DemoUnavailable(
                                "No demo runs on %s, and its database runs with it alone."
                                        .formatted(directory.toAbsolutePath())));
    }

    @Override
    public void close() {
        parts.close();
    }

    private void sayWhatToDo() {
        say("");
        say("point a miner at   " + settings.pool() + "   user: a regtest address");
        say(
                "     for example   ./adit miner "
                        + settings.pool()
                        + " -u "
                        + DemoSettings.YOUR_MINER
                        + " --hashes-per-second "
                        + DemoSettings.YOUR_HASHES_PER_SECOND);
        say(
                "                   difficulty here is at most %s, whatever a password or miner wishes"
                        .formatted(DemoSettings.MOST_DIFFICULTY.toPlainString()));
        say("watch it at        " + settings.web());
        say("stop it with       Ctrl-C (it goes on from here when started again)");
        say("");
    }

    private void refuseASecondOne() {
        ControlSocket.checkPath(settings.directory());
        if (ControlSocket.answers(settings.directory().resolve(ControlSocket.FILE))) {
            throw new DemoUnavailable(
                    "A demo, or another pool, runs in %s already. Stop that one, or name another directory with --data."
                            .formatted(settings.directory()));
        }
    }

    /// The pool would say it too, after the database and the chain have started, and in words of a file that is not there.
    private static void refuseAPortInUse(String option, int port) {
        try (var probe = new ServerSocket()) {
            probe.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        } catch (IOException cannot) {
            throw new DemoUnavailable(
                    "127.0.0.1:%d cannot be listened on: %s. Stop what uses it, or choose another port with %s."
                            .formatted(port, PortUnavailable.reason(cannot), option),
                    cannot);
        }
    }

    private void startScreen(DemoScreen screen) {
        var timer =
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().name("screen").factory());
        parts.opened(timer::shutdownNow);
        var _ =
                timer.scheduleAtFixedRate(
                        screen::show, SCREEN_EVERY_SECONDS, SCREEN_EVERY_SECONDS, TimeUnit.SECONDS);
    }

    private V1Miner startMiner(
            String user, int hashesPerSecond, MultiThreadIoEventLoopGroup loops) {
        var miner =
                new V1Miner(
                        MinerSettings.honest(settings.pool(), user, hashesPerSecond),
                        loops,
                        user.hashCode(),
                        System::nanoTime,
                        new MinerEvents() {});
        parts.opened(miner::close);
        miner.start();
        return miner;
    }

    private void say(String line) {
        out.println(line);
        out.flush();
    }
}
