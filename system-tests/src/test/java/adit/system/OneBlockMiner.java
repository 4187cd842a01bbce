package adit.system;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.function.Predicate;

import adit.miner.ScriptBroken;
import adit.miner.ScriptedV1Client;
import adit.miner.ShareFinder;
import adit.pow.Hash;
import adit.stratum.v1.V1Notify;
import adit.stratum.v1.V1ServerMessage;

import static org.assertj.core.api.Assertions.assertThat;

/// A miner that finds one block when it is told to, on a chain where every share is one.
///
/// So a test knows every block there is, and none has a brother.
final class OneBlockMiner implements AutoCloseable {

    private static final Duration DEADLINE = Duration.ofSeconds(60);

    /// 2^7 hashes, as of [PoolChoices#EASY].
    private static final long SHARE_DIFFICULTY_UNITS = 1 << 7;

    private final ScriptedV1Client client;
    private final String user;
    private final ShareFinder finder;
    private long seed;

    /// A block that was handed in, and the number of the request.
    record Sent(Hash hash, long request) {}

    private OneBlockMiner(ScriptedV1Client client, String user, ShareFinder finder) {
        this.client = client;
        this.user = user;
        this.finder = finder;
    }

    static OneBlockMiner connect(PoolFiles files, String user) {
        var client =
                ScriptedV1Client.connect(
                        new InetSocketAddress(
                                InetAddress.getLoopbackAddress(), files.stratumPort()),
                        DEADLINE,
                        System::nanoTime);
        long subscribe = client.subscribe("one-block/1", "");
        long authorize = client.authorize(user, "x");
        var subscribed = (V1ServerMessage.Result.Subscribed) client.reply(subscribe).result();
        assertThat(client.reply(authorize).isTrue()).isTrue();
        var finder =
                new ShareFinder(
                        subscribed.extranoncePrefix(),
                        subscribed.extranonceBytes(),
                        0,
                        SHARE_DIFFICULTY_UNITS);
        return new OneBlockMiner(client, user, finder);
    }

    /// Waits for work on this tip, finds a block, and sees it acknowledged as a share.
    Hash mineOn(Hash tip) {
        return mineOn(tip, _ -> true);
    }

    /// Waits for work on this tip, finds a block, and hands it in.
    Sent send(Hash tip) {
        return send(tip, _ -> true);
    }

    /// Whether the pool has said true to it, or says so while it lives.
    boolean isAcknowledged(Sent sent) {
        try {
            return client.reply(sent.request).isTrue();
        } catch (ScriptBroken ended) {
            return false;
        }
    }

    /// The same as [#mineOn], on a job with transactions.
    Hash minePayingOn(Hash tip) {
        return mineOn(tip, job -> !job.branch().isEmpty());
    }

    private Hash mineOn(Hash tip, Predicate<V1Notify> wanted) {
        var sent = send(tip, wanted);
        var reply = client.reply(sent.request);
        assertThat(reply.isTrue()).as("%s", reply).isTrue();
        return sent.hash;
    }

    private Sent send(Hash tip, Predicate<V1Notify> wanted) {
        var job = client.next(V1ServerMessage.Notify.class).job();
        while (!Hash.of(job.previousHash()).equals(tip) || !wanted.test(job)) {
            job = client.next(V1ServerMessage.Notify.class).job();
        }
        var found = finder.find(job, seed++);
        return new Sent(found.hash(), client.submitWithoutVersion(user, found));
    }

    /// Waits until the pool lets it go.
    void awaitEnd() {
        client.awaitEnd();
    }

    @Override
    public void close() {
        client.close();
    }
}
