package adit.server.source;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import adit.server.keep.SnapshotFile;
import adit.server.metrics.EventLog;
import adit.server.metrics.PoolMetrics;

import static org.assertj.core.api.Assertions.assertThat;

/// What of the sources outlives a process, on clocks that the test moves.
final class KeptSourcesTest {

    private static final Instant NOON = Instant.parse("2026-11-24T12:00:00Z");
    private static final long SECOND = 1_000_000_000;
    private static final long PRICE = 1 << 20;

    @TempDir private Path directory;
    private long nanos = Long.MAX_VALUE - 5 * SECOND;
    private final Sources before = sources();
    private final Sources after = sources();

    @Test
    void keepsCredit() throws IOException {
        earn("203.0.113.7");
        earn("2001:db8:1:2::5");
        enter(before, "203.0.113.8").delivered(PRICE - 1);
        before.keep(file(), () -> NOON);

        after.recall(file(), () -> NOON.plusSeconds(6 * 86_400));
        for (int i = 0; i < 5000; i++) {
            assertThat(after.enter(address("203.0.113.7"), () -> {})).isNotNull();
        }
        assertThat(after.enter(address("2001:db8:1:2::6"), () -> {})).isNotNull();
        assertThat(after.known()).isEqualTo(2);

        var late = sources();
        late.recall(file(), () -> NOON.plusSeconds(7 * 86_400 + 1));
        assertThat(late.known()).isZero();
    }

    @Test
    void keepsPenaltiesToTheirEndAndHowManyThereWere() throws IOException {
        offend(before, "203.0.113.7");
        nanos += 60 * SECOND;
        offend(before, "203.0.113.7");
        nanos += 20 * SECOND;
        before.keep(file(), () -> NOON);
        var told = before.penalties(() -> NOON);
        assertThat(told).hasSize(1);

        var later = NOON.plusSeconds(40);
        after.recall(file(), () -> later);

        assertThat(after.penalties(() -> later)).isEqualTo(told);
        assertThat(after.enter(address("203.0.113.7"), () -> {})).isNull();
        nanos += 60 * SECOND;
        offend(after, "203.0.113.7");
        assertThat(after.penalties(() -> later).getFirst().count()).isEqualTo(3);
    }

    @Test
    void remembersForAnHourThatAPenaltyWasThere() throws IOException {
        offend(before, "203.0.113.7");
        before.keep(file(), () -> NOON);

        var anHourLater = NOON.plusSeconds(60 + 3599);
        after.recall(file(), () -> anHourLater);
        offend(after, "203.0.113.7");
        assertThat(after.penalties(() -> anHourLater).getFirst().count()).isEqualTo(2);

        var late = sources();
        late.recall(file(), () -> NOON.plusSeconds(60 + 3600));
        assertThat(late.known()).isZero();
    }

    @Test
    void keepsThatAPenaltyWasLifted() throws IOException {
        offend(before, "203.0.113.7");
        before.keep(file(), () -> NOON);
        before.lift(SourceAddress.parse("203.0.113.7").orElseThrow());
        assertThat(before.hasNews()).isTrue();
        before.keep(file(), () -> NOON);

        after.recall(file(), () -> NOON);

        assertThat(after.penalties(() -> NOON)).isEmpty();
    }

    @Test
    void hasNewsOfWhatACrashMustNotForget() throws IOException {
        var miner = enter(before, "203.0.113.7");
        miner.delivered(1);
        miner.leave();
        assertThat(before.hasNews()).as("no credit yet").isFalse();
        earn("203.0.113.7");
        assertThat(before.hasNews()).as("credit").isTrue();
        before.keep(file(), () -> NOON);
        assertThat(before.hasNews()).as("written").isFalse();
        earn("203.0.113.7");
        assertThat(before.hasNews()).as("had credit already").isFalse();
        offend(before, "203.0.113.8");
        assertThat(before.hasNews()).as("a penalty").isTrue();
    }

    @Test
    void writesAFileAPersonCanRead() throws IOException {
        earn("203.0.113.7");
        nanos += 90 * SECOND;
        offend(before, "2001:db8:1:2::5");
        before.keep(file(), () -> NOON);

        assertThat(Files.readString(directory.resolve("sources")))
                .startsWith(
                        """
                        adit sources 2
                        203.0.113.7 credit 2026-11-24T11:58:30Z
                        2001:db8:1:2::/64 penalty protocol-errors 1 2026-11-24T12:00:00Z 2026-11-24T12:01:00Z
                        end 2\
                        """);
    }

    @Test
    void hasRoomInALineForTheLongest() throws IOException {
        int customer = 0;
        for (var reason : CloseReason.offences().values()) {
            enter(before, "2001:db88:1111:222%d::5".formatted(customer++)).closedFor(reason);
        }
        before.keep(file(), () -> NOON);

        assertThat(Files.readAllLines(directory.resolve("sources")))
                .hasSize(2 + CloseReason.offences().size())
                .allSatisfy(line -> assertThat(line.length()).isLessThan(Sources.MAX_LINE_BYTES));
    }

    /// What a damaged disk or a later version might leave, with a checksum that fits.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "203.0.113.7",
                "pool.example credit 2026-11-24T12:00:00Z",
                "203.0.113.7 debit 2026-11-24T12:00:00Z",
                "203.0.113.7 credit yesterday",
                "203.0.113.7 credit -1000000000-01-01T00:00:00Z",
                "203.0.113.7 penalty silent 1 2026-11-24T12:00:00Z 2026-11-24T12:01:00Z",
                "203.0.113.7 penalty invalid-shares 0 2026-11-24T12:00:00Z 2026-11-24T12:01:00Z",
                "203.0.113.7 penalty invalid-shares 1 2026-11-24T12:00:00Z 2026-11-24T12:10:01Z",
                "203.0.113.7 penalty invalid-shares 1 2026-11-24T12:01:00Z 2026-11-24T12:00:00Z",
                "203.0.113.7 penalty invalid-shares 1 2026-11-24T12:00:00Z +1000000000-12-31T23:59:59Z",
                "203.0.113.7 penalty invalid-shares 99999999999 2026-11-24T12:00:00Z 2026-11-24T12:01:00Z",
                ""
            })
    void leavesOutLinesThatSayNothingSensible(String line) {
        file().write(List.of(line));

        after.recall(file(), () -> NOON);

        assertThat(after.known()).isZero();
    }

    /// A wall clock that was set back or forward changes what the file says, never what the pool grants now.
    @Test
    void takesNoHarmFromStepsOfTheWallClock() throws IOException {
        earn("203.0.113.7");
        offend(before, "203.0.113.8");
        before.keep(file(), () -> NOON.plus(Duration.ofDays(400)));

        after.recall(file(), () -> NOON);
        for (int i = 0; i < 1000; i++) {
            assertThat(after.enter(address("203.0.113.7"), () -> {})).isNotNull();
        }
        assertThat(after.penalties(() -> NOON).getFirst().until()).isEqualTo(NOON.plusSeconds(60));
        nanos += 60 * SECOND;
        assertThat(after.enter(address("203.0.113.8"), () -> {})).isNotNull();
        nanos += 7 * 86_400 * SECOND;
        after.keep(file(), () -> NOON.minus(Duration.ofDays(400)));
        assertThat(after.penalties(() -> NOON)).isEmpty();
        var credited = sources();
        credited.recall(file(), () -> NOON);
        assertThat(credited.known()).isZero();
    }

    private void earn(String from) throws IOException {
        var visit = enter(before, from);
        assertThat(visit.delivered(PRICE)).isTrue();
        visit.leave();
    }

    private static void offend(Sources sources, String from) throws IOException {
        var visit = enter(sources, from);
        visit.closedFor(CloseReason.PROTOCOL_ERRORS);
        visit.leave();
    }

    private static Visit enter(Sources sources, String from) throws IOException {
        return Objects.requireNonNull(sources.enter(address(from), () -> {}));
    }

    private Sources sources() {
        return new Sources(
                new Sources.Bounds(20_000, 1000, true),
                () -> false,
                () -> PRICE,
                new PoolMetrics(new SimpleMeterRegistry()),
                new EventLog(),
                () -> nanos);
    }

    private SnapshotFile file() {
        return new SnapshotFile(
                directory.resolve("sources"),
                "sources",
                Sources.LINE_VERSION,
                1 << 20,
                new EventLog());
    }

    private static InetAddress address(String text) throws IOException {
        return InetAddress.ofLiteral(text);
    }
}
