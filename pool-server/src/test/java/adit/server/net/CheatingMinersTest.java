package adit.server.net;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.function.ToLongFunction;

import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import adit.ledger.journal.JournalRecord;

import static org.assertj.core.api.Assertions.assertThat;

/// Cheating miners earn nothing: fifteen ways of mining, one of them honest, side by side on the pool's own sessions,
/// and an auditor who knows the wire and the journal alone.
///
/// What an honest miner proves and what he is credited are the same shares, so the auditor's ratio has no luck in it;
/// against the hashes really made, luck counts, and is given four standard deviations.
@NullUnmarked // a test fails on null by itself
final class CheatingMinersTest {

    private static final long SEED = 20_261_124;
    private static final int ROUNDS = 800;
    private static final double MOST = 1.003;
    private static final double SIGMAS = 4;

    private static final String ADDRESS = "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4";

    @TempDir private Path directory;

    /// All that one way of mining did.
    private record Player(CheatingMiner one, CheatingMiner two) {}

    @Test
    void cheatingEarnsNothing() {
        long seed = Long.getLong("seed", SEED);
        var auditor = new ShareAuditor();
        try (var pool = new SimulatedPool(directory)) {
            var players = mine(pool, auditor, seed);
            var journal = pool.records();
            var findings =
                    auditor.audit(journal, cheatOf(pool), JournalRecord.Share::difficultyUnits);

            players.forEach((cheat, player) -> {
                var finding = findings.getOrDefault(cheat.name(), new ShareAuditor.Finding());
                long hashes = player.one.hashes() + player.two.hashes();
                double luck =
                        SIGMAS
                                * StrictMath.sqrt(player.one.variance() + player.two.variance())
                                / hashes;
                double byHashes = (double) finding.credited() / hashes;
                System.out.printf(
                        "%-26s %6d shares, credit %.4f of the work proven, %.3f of the hashes (luck %.3f)%n",
                        cheat, finding.shares(), finding.ratio(), byHashes, luck);
                assertThat(finding.ratio())
                        .as("%s, seed %d", cheat, seed)
                        .isLessThanOrEqualTo(MOST);
                assertThat(byHashes).as("%s, seed %d", cheat, seed).isLessThan(1 + luck);
                assertThat(finding.wrong()).as("%s, seed %d", cheat, seed).isEmpty();
                assertThat(finding.shares())
                        .isLessThanOrEqualTo(player.one.accepted() + player.two.accepted());
            });
            assertThat(findings.get(Cheat.HONEST.name()).ratio()).isBetween(2 - MOST, MOST);
            var honest = players.get(Cheat.HONEST);
            double luck = SIGMAS * StrictMath.sqrt(honest.one.variance()) / honest.one.hashes();
            assertThat((double) findings.get(Cheat.HONEST.name()).credited() / honest.one.hashes())
                    .as("seed %d", seed)
                    .isBetween(1 - luck, 1 + luck);

            catchesPlantedBugs(auditor, journal, pool, seed);
        }
    }

    /// The auditor would have noticed.
    private static void catchesPlantedBugs(
            ShareAuditor auditor, List<JournalRecord> journal, SimulatedPool pool, long seed) {
        var hardestOfChannel = new HashMap<String, Long>();
        ToLongFunction<JournalRecord.Share> byPresentDifficulty =
                share ->
                        hardestOfChannel.merge(
                                HexFormat.of().formatHex(share.extranonce(), 1, 5),
                                share.difficultyUnits(),
                                Math::max);
        var present = auditor.audit(journal, cheatOf(pool), byPresentDifficulty);
        assertThat(present.get(Cheat.RAISES_AFTER_THE_FIND.name()).ratio())
                .as("credit at the channel's difficulty instead of the job's, seed %d", seed)
                .isGreaterThan(MOST);

        var twice = new ArrayList<>(journal);
        journal.stream()
                .filter(JournalRecord.Share.class::isInstance)
                .limit(2_000)
                .forEach(twice::add);
        var doubled = auditor.audit(twice, cheatOf(pool), JournalRecord.Share::difficultyUnits);
        assertThat(doubled.values())
                .as("shares credited twice, seed %d", seed)
                .anyMatch(finding -> finding.ratio() > MOST);
    }

    private static Map<Cheat, Player> mine(SimulatedPool pool, ShareAuditor auditor, long seed) {
        var random = new Random(seed);
        pool.publish(true);
        var players = new EnumMap<Cheat, Player>(Cheat.class);
        for (var cheat : Cheat.values()) {
            players.put(
                    cheat,
                    new Player(
                            new CheatingMiner(
                                    pool, auditor, name(cheat, "a"), new Random(random.nextLong())),
                            new CheatingMiner(
                                    pool,
                                    auditor,
                                    name(cheat, "b"),
                                    new Random(random.nextLong()))));
        }
        for (int round = 0; round < ROUNDS; round++) {
            players.forEach((cheat, player) -> {
                cheat.play(player.one, player.two);
                hear(players);
            });
            pool.settle();
            // Little or much: wishes are heard ten times a minute, and a grace is less than half a
            // second.
            pool.passMillis(random.nextBoolean() ? random.nextInt(600) : random.nextInt(20_000));
            if (random.nextInt(6) == 0) {
                pool.publish(random.nextInt(3) == 0);
            }
            hear(players);
        }
        return players;
    }

    private static void hear(Map<Cheat, Player> players) {
        players.values()
                .forEach(player -> {
                    player.one.hear();
                    player.two.hear();
                });
    }

    /// Worker names are a cheat's name and a small letter for the connection.
    private static IntFunction<String> cheatOf(SimulatedPool pool) {
        return ref -> pool.worker(ref).replaceFirst("[a-z0-9]+$", "");
    }

    private static String name(Cheat cheat, String worker) {
        return ADDRESS + "." + cheat.name() + worker;
    }
}
