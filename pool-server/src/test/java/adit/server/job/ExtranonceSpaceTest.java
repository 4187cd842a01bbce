package adit.server.job;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

final class ExtranonceSpaceTest {

    private static final long REST_MILLIS = 600_000;

    private long nowMillis;

    @Test
    void neverGivesOneValueToTwoHoldersOverAMillionOpeningsOnThreeLoops() {
        long seed = 5;
        var random = new Random(seed);
        var spaces = new ArrayList<ExtranonceSpace>();
        for (int loop = 0; loop < 3; loop++) {
            spaces.add(space(0xa1, loop, 3, random.nextInt()));
        }
        var held = new ArrayList<byte[]>();
        var freeAt = new HashMap<Integer, Long>();
        for (int i = 0; i < 1_000_000; i++) {
            nowMillis += random.nextInt(20);
            if (random.nextInt(100) < 51 || held.isEmpty()) {
                var prefix = spaces.get(random.nextInt(3)).take().orElseThrow();
                long free = freeAt.getOrDefault(value(prefix), 0L);
                assertThat(free).as("seed %d, step %d", seed, i).isLessThanOrEqualTo(nowMillis);
                freeAt.put(value(prefix), Long.MAX_VALUE);
                held.add(prefix);
            } else {
                var prefix = held.set(random.nextInt(held.size()), held.getLast());
                held.removeLast();
                spaces.get(index(prefix) % 3).giveBack(prefix);
                freeAt.put(value(prefix), nowMillis + REST_MILLIS);
            }
        }
    }

    @Test
    void beginsWithTheServersIdAndOwnsItsLoopsIndexes() {
        for (int loop = 0; loop < 3; loop++) {
            var prefix = space(0xa1, loop, 3, 1000).take().orElseThrow();

            assertThat(prefix).hasSize(4).startsWith(0xa1);
            assertThat(index(prefix) % 3).isEqualTo(loop);
        }
    }

    @Test
    void startsWhereItIsToldSoThatARestartDoesNotRepeat() {
        assertThat(space(1, 0, 1, 0x123456).take().orElseThrow())
                .containsExactly(1, 0x12, 0x34, 0x56);
        assertThat(space(1, 0, 1, -1).take().orElseThrow()).containsExactly(1, 0xff, 0xff, 0xff);
    }

    @Test
    void goesRoundAtTheEnd() {
        var space = space(0, 0, 1, 0xffffff);

        assertThat(index(space.take().orElseThrow())).isEqualTo(0xffffff);
        assertThat(index(space.take().orElseThrow())).isZero();
    }

    @Test
    void restsAPrefixUntilNoJobUnderItCanBeCredited() {
        var space = fewSlots();
        var prefixes = takeAll(space);
        space.giveBack(prefixes.getFirst());
        nowMillis += REST_MILLIS - 1;
        assertThat(space.take()).isEmpty();

        nowMillis += 1;

        assertThat(space.take()).contains(prefixes.getFirst());
        assertThat(space.take()).isEmpty();
    }

    @Test
    void refusesWhenAllAreHeldAndGivesNoneTwice() {
        var space = fewSlots();

        var all = takeAll(space);

        assertThat(all).hasSize(3);
        assertThat(new HashSet<>(all.stream().map(ExtranonceSpaceTest::value).toList())).hasSize(3);
        assertThat(space.take()).isEmpty();
    }

    @Test
    void refusesAServerIdOfMoreThanAByte() {
        for (int id : List.of(-1, 256)) {
            assertThatThrownBy(() -> space(id, 0, 1, 0))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void neverMixesTwoServers() {
        Map<Integer, Integer> seen = new HashMap<>();
        for (int server = 0; server < 256; server++) {
            seen.merge(value(space(server, 0, 1, 7).take().orElseThrow()), 1, Integer::sum);
        }

        assertThat(seen).hasSize(256);
    }

    /// As many loops as leave three indexes to each.
    private ExtranonceSpace fewSlots() {
        return space(1, 0, (1 << 24) / 3, 1);
    }

    private static List<byte[]> takeAll(ExtranonceSpace space) {
        var all = new ArrayList<byte[]>();
        for (var prefix = space.take(); prefix.isPresent(); prefix = space.take()) {
            all.add(prefix.get());
        }
        return all;
    }

    private ExtranonceSpace space(int server, int loop, int loops, int start) {
        return new ExtranonceSpace(server, loop, loops, start, REST_MILLIS, () -> nowMillis);
    }

    private static int index(byte[] prefix) {
        return value(prefix) & 0xffffff;
    }

    private static int value(byte[] prefix) {
        return prefix[0] << 24
                | (prefix[1] & 0xff) << 16
                | (prefix[2] & 0xff) << 8
                | (prefix[3] & 0xff);
    }
}
