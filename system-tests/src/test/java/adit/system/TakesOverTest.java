package adit.system;

import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import adit.ledger.postgres.TestDatabase;
import adit.miner.ScriptedV1Client;
import adit.node.embedded.EmbeddedChain;
import adit.stratum.v1.V1ServerMessage;

import static org.assertj.core.api.Assertions.assertThat;

/// Promise: an upgrade closes no port, and loses and doubles no acknowledged share, whichever process dies on the way.
@Tag("slow")
class TakesOverTest {

    private static final int SOME_SHARES = 300;

    /// What the pool says at each step of a takeover.
    private static final String FOLLOWED = "Another process takes over";

    private static final String HANDED = " and the prefixes of ";
    private static final String DRAINING = "Draining: no new connections";

    private static final String SERVES = "Status page and API";

    /// Between the least and the most of [PoolChoices#withVardiff], and not the first.
    private static final BigDecimal WISH = new BigDecimal("0.0000152587890625");

    @TempDir private Path directory;
    private final Acknowledged acknowledged = new Acknowledged();

    @Test
    @Timeout(240)
    void keepsThePortOpenAndEveryShare() throws Exception {
        var files = PoolFiles.in(directory);
        try (var database = TestDatabase.create();
                var chain = chain();
                var old = start(files, database.dataSource(), chain);
                var prober = Prober.of(files.stratumPort());
                var _ = Miners.many(files.pool(), 11, acknowledged)) {
            acknowledged.awaitMore(SOME_SHARES, old);
            try (var next = PoolProcess.follow(files, 2)) {
                next.awaitLine("Adit").awaitLine("Stratum V1 listener").awaitLine(SERVES);
                acknowledged.awaitMore(SOME_SHARES, next);
                assertThat(old.awaitEnd()).as(old.log()).isZero();
                acknowledged.awaitMore(SOME_SHARES, next);
                assertEachCameBackToItsChannel(next);

                assertThat(prober.failures()).as(next.log()).isEmpty();
                assertThat(prober.connected()).isGreaterThan(100);
                next.awaitLine("The pool that was taken over has ended");
                stopAndCompare(files, database.dataSource(), next);
            }
        }
    }

    @Test
    @Timeout(120)
    void givesAMinerItsDifficultyBack() throws Exception {
        var files = PoolFiles.in(directory);
        try (var database = TestDatabase.create();
                var chain = chain();
                var old = start(files, database.dataSource(), chain, PoolChoices::withVardiff)) {
            String session;
            try (var miner = connect(files)) {
                session = logIn(miner, "");
                assertThat(nextDifficulty(miner)).isNotEqualByComparingTo(WISH);
                miner.suggestDifficulty(WISH.toPlainString());
                assertThat(nextDifficulty(miner)).isEqualByComparingTo(WISH);

                try (var next = PoolProcess.follow(files, 1)) {
                    miner.awaitEnd();
                    try (var back = connect(files)) {
                        assertThat(logIn(back, session)).as(next.log()).isEqualTo(session);
                        assertThat(nextDifficulty(back)).isEqualByComparingTo(WISH);
                    }
                    assertThat(old.awaitEnd()).as(old.log()).isZero();
                    assertThat(next.stop()).as(next.log()).isEqualTo(143);
                }
            }
        }
    }

    private static ScriptedV1Client connect(PoolFiles files) {
        return ScriptedV1Client.connect(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), files.stratumPort()),
                Duration.ofSeconds(30),
                System::nanoTime);
    }

    /// @return the session the pool gives
    private static String logIn(ScriptedV1Client miner, String session) {
        var subscribed = miner.reply(miner.subscribe("keeps/1", session)).result();
        assertThat(miner.reply(miner.authorize(Miners.ALICE, "x")).isTrue()).isTrue();
        return ((V1ServerMessage.Result.Subscribed) subscribed).sessionId();
    }

    private static BigDecimal nextDifficulty(ScriptedV1Client miner) {
        return miner.next(V1ServerMessage.SetDifficulty.class).difficulty();
    }

    @ParameterizedTest
    @ValueSource(strings = {FOLLOWED, HANDED, DRAINING})
    @Timeout(240)
    void goesOnWhenTheNewProcessIsKilled(String step) throws Exception {
        var files = PoolFiles.in(directory);
        try (var database = TestDatabase.create();
                var chain = chain();
                var old = start(files, database.dataSource(), chain);
                var prober = Prober.of(files.stratumPort());
                var _ = Miners.many(files.pool(), 12, acknowledged)) {
            acknowledged.awaitMore(SOME_SHARES, old);
            try (var next = PoolProcess.follow(files, 60)) {
                old.awaitLine(step);
                next.kill();
                next.awaitKilled();
            }
            old.awaitLine("this one goes on as before");
            acknowledged.awaitMore(SOME_SHARES, old);
            assertThat(prober.failures()).as(old.log()).isEmpty();

            // And can be followed again.
            try (var third = PoolProcess.follow(files, 1)) {
                third.awaitLine("Adit").awaitLine("Stratum V1 listener").awaitLine(SERVES);
                assertThat(old.awaitEnd()).as(old.log()).isZero();
                acknowledged.awaitMore(SOME_SHARES, third);
                assertThat(prober.failures()).as(third.log()).isEmpty();
                stopAndCompare(files, database.dataSource(), third);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {FOLLOWED, HANDED, DRAINING})
    @Timeout(240)
    void goesOnWhenTheOldProcessIsKilled(String step) throws Exception {
        var files = PoolFiles.in(directory);
        try (var database = TestDatabase.create();
                var chain = chain();
                var old = start(files, database.dataSource(), chain);
                var _ = Miners.many(files.pool(), 13, acknowledged)) {
            acknowledged.awaitMore(SOME_SHARES, old);
            try (var next = PoolProcess.follow(files, 60)) {
                old.awaitLine(step);
                old.kill();
                old.awaitKilled();
                next.awaitLine("Adit").awaitLine("Stratum V1 listener").awaitLine(SERVES);
                acknowledged.awaitMore(SOME_SHARES, next);
                stopAndCompare(files, database.dataSource(), next);
            }
        }
    }

    private void assertEachCameBackToItsChannel(PoolProcess pool) throws Exception {
        Await.until(
                () -> acknowledged.sessions().size() >= 2 * Miners.MANY,
                () -> "every miner comes back\n" + pool.log());
        assertThat(acknowledged.sessions().stream().distinct())
                .as("no miner got another prefix than before\n%s", pool.log())
                .hasSize(Miners.MANY);
    }

    private EmbeddedChain chain() {
        return Chains.start(directory.resolve("chain"), Chains.OUT_OF_REACH);
    }

    private static PoolProcess start(PoolFiles files, DataSource database, EmbeddedChain chain)
            throws Exception {
        return start(files, database, chain, choices -> choices);
    }

    private static PoolProcess start(
            PoolFiles files,
            DataSource database,
            EmbeddedChain chain,
            UnaryOperator<PoolChoices> other)
            throws Exception {
        files.write(
                other.apply(
                        PoolChoices.regtest(Databases.of(database), PoolChoices.Node.of(chain))));
        return PoolProcess.run(files, List.of()).awaitLine("Adit").awaitLine(SERVES);
    }

    private void stopAndCompare(PoolFiles files, DataSource database, PoolProcess pool)
            throws Exception {
        acknowledged.awaitStored(database, pool);
        assertThat(pool.stop()).as(pool.log()).isEqualTo(143);
        var journal = RecordedShares.in(files.journal());
        assertThat(acknowledged.twice()).isZero();
        var lost = new HashSet<>(acknowledged.shares());
        lost.removeAll(journal.keySet());
        assertThat(lost).as("acknowledged and not in the journal").isEmpty();
        assertThat(journal.values()).as("each once").containsOnly(1);
        assertThat(Databases.shares(database))
                .as("PostgreSQL holds what the journal holds\n%s", pool.log())
                .isEqualTo(journal);
    }
}
