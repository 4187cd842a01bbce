package adit.server.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.function.LongSupplier;

import adit.miner.swarm.Load;
import adit.miner.swarm.Swarm;
import adit.miner.swarm.SwarmFailed;
import adit.miner.swarm.SwarmSettings;

/// A pool under a short load, whose JVM writes down in the end which classes it needed and which code was hot.
///
/// A pool that starts with that file has its miners back in half the time: it does not link and profile anew
/// what every pool runs first. The file is good for one build and one JDK; a JVM that it does not fit
/// passes it over.
///
/// The load goes beyond what the pool can take, and has new tips under way: code that has never been there when it is
/// compiled has to be compiled again when it first comes there.
///
/// **Limits:** half a minute on two cores; loopback ports and a temporary directory of its own.
/// **Spec:** JEP 483, 514 and 515.
public final class Rehearsal {

    private static final int MINERS = 2_000;
    private static final int CROWDS = 2;
    private static final int SOURCES = 8;
    private static final int BLOCKS = 5;
    private static final Duration SHARES = Duration.ofSeconds(3);
    private static final int BACKLOG = 32;
    private static final Duration OVERLOAD = Duration.ofSeconds(1);
    private static final Duration TIP_EACH = Duration.ofMillis(300);
    private static final Duration LONGEST = Duration.ofSeconds(30);

    private Rehearsal() {}

    /// Writes the file, or leaves none and says why.
    ///
    /// @throws BenchFailed where the pool did not start or did not keep up, or its JVM wrote nothing
    public static void run(Path file, LongSupplier nanoClock)
            throws IOException, InterruptedException {
        Files.deleteIfExists(file);
        try {
            rehearse(file, nanoClock);
        } catch (BenchFailed failed) {
            // Its JVM writes the file however the pool has ended.
            Files.deleteIfExists(file);
            throw failed;
        }
    }

    private static void rehearse(Path file, LongSupplier nanoClock)
            throws IOException, InterruptedException {
        var flags = List.of("-XX:AOTCacheOutput=" + file);
        try (var directory = ScratchDirectory.in(Path.of(System.getProperty("java.io.tmpdir")));
                var node = NodeDouble.start(InstantSource.system());
                var pool =
                        new BenchPool(
                                BenchPlace.in(directory.path()),
                                node,
                                BenchPool.Kind.ANY_HASH_IS_A_SHARE,
                                null,
                                Cores.asTheyAre(),
                                flags,
                                nanoClock)) {
            pool.awaitOpen();
            try {
                for (int i = 0; i < CROWDS; i++) {
                    load(pool, node, nanoClock);
                }
            } catch (SwarmFailed stuck) {
                throw new BenchFailed(
                        stuck.getMessage() + "; of the pool: " + pool.lastWords(), stuck);
            }
            pool.end();
            if (!Files.exists(file)) {
                throw new BenchFailed(
                        "the JVM wrote no " + file + "; of the pool: " + pool.lastWords());
            }
        }
    }

    private static void load(BenchPool pool, NodeDouble node, LongSupplier nanoClock) {
        var settings = new SwarmSettings(pool.address(), BenchPool.user(), "x", SOURCES);
        try (var swarm = Swarm.of(settings, nanoClock).watching(pool::checkAlive)) {
            swarm.connect(MINERS, LONGEST);
            swarm.run(new Load.Closed(1), SHARES);
            for (int i = 0; i < BLOCKS; i++) {
                swarm.untilTipTold(new Load.Idle(), Duration.ZERO, node::newBlock, LONGEST);
            }
            swarm.run(new Load.Closed(BACKLOG), OVERLOAD);
            for (int i = 0; i < BLOCKS; i++) {
                swarm.untilTipTold(new Load.Closed(2), TIP_EACH, node::newBlock, LONGEST);
            }
        }
    }
}
