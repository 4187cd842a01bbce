package adit.server.session.v1;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import adit.pow.Difficulty;
import adit.server.channel.ChannelSettings;
import adit.server.channel.FaultyStorage;
import adit.server.channel.Journaled;
import adit.server.channel.MiningChannel;
import adit.server.channel.ShareLoop;
import adit.server.channel.TakenBlock;
import adit.server.config.Limits;
import adit.server.job.ExtranonceSpace;
import adit.server.metrics.PoolMetrics;

import static org.assertj.core.api.Assertions.assertThat;

final class ParkedChannelsTest {

    private static final ChannelSettings TERMS =
            new ChannelSettings(1, 1, Difficulty.MAX_UNITS, false, 15, true, 0);
    private static final int LOOPS = 4;
    private static final int MOST = Limits.PARKED_CHANNELS / LOOPS;

    private final ExtranonceSpace space = new ExtranonceSpace(1, 0, LOOPS, 0, 1_000, () -> 0);
    private final ParkedChannels parked = new ParkedChannels(space);

    @Test
    void keepsTheLoopsPartOfWhatTheProcessKeepsAndGivesUpTheOldest(@TempDir Path directory) {
        try (var journal = Journaled.open(new FaultyStorage(directory))) {
            var shares =
                    new ShareLoop(
                            journal,
                            _ -> TakenBlock.atOnce(),
                            new PoolMetrics(new SimpleMeterRegistry()),
                            Runnable::run,
                            () -> 0,
                            () -> 0);
            for (int i = 0; i < MOST; i++) {
                park(i, shares);
            }
            assertThat(all()).hasSize(MOST);

            park(MOST, shares);

            assertThat(all()).hasSize(MOST).last().asString().startsWith(id(MOST).substring(0, 16));
            assertThat(all()).noneMatch(id -> id.startsWith(id(0).substring(0, 16)));
        }
    }

    private void park(long secret, ShareLoop shares) {
        var prefix = space.take().orElseThrow();
        parked.park(
                new SessionId(secret, prefix),
                "agent",
                TERMS,
                new MiningChannel(secret, prefix, shares, TERMS),
                0);
    }

    private List<String> all() {
        var list = new ArrayList<ParkedChannel>();
        parked.exportTo(list);
        return list.stream().map(ParkedChannel::sessionId).toList();
    }

    private static String id(long secret) {
        return new SessionId(secret, new byte[4]).text();
    }
}
