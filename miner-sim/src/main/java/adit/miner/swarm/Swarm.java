package adit.miner.swarm;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;

import static java.nio.charset.StandardCharsets.US_ASCII;

/// A crowd of V1 miners on one thread, which is whichever thread calls it.
///
/// It hashes nothing: every share has a new extranonce2 and new version bits, and the pool takes each for
/// good because it asks for a difficulty any hash meets. Answers are counted, timed and told apart; anything
/// else of what the pool says costs a look for its name.
///
/// **Owner:** the calling thread. **Limits:** the process's open files; [#SETUPS_AT_ONCE] connections being
/// made; [SwarmMiner#MAX_UNANSWERED] shares unanswered on each.
public final class Swarm implements AutoCloseable {

    /// More would overflow the queue of connections a system keeps for a listener.
    private static final int SETUPS_AT_ONCE = 1_000;

    private static final int BUFFER_BYTES = 256 * 1024;
    private static final long PACE_NANOS = 100_000;
    private static final long AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long LONGEST_WAIT_MILLIS = 10;
    private static final Duration LAST_ANSWERS = Duration.ofSeconds(5);

    private final SwarmSettings settings;
    private final LongSupplier nanoClock;
    private final Selector selector;
    private final List<SwarmMiner> miners = new ArrayList<>();
    private final ArrayDeque<SwarmMiner> unconnected = new ArrayDeque<>();
    private final ByteBuffer in = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private final ByteBuffer out = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private byte[] line = new byte[2 * BUFFER_BYTES];
    private Load load = new Load.Idle();
    private Runnable watch = () -> {};
    private Runnable besides = () -> {};
    private @Nullable PoolJob lastJob;
    private Latencies latencies = new Latencies();
    private int settingUp;
    private int ready;
    private long accepted;
    private long refused;
    private String firstRefusal = "";
    private long lost;
    private int toldOfTip;
    private long lastToldNanos;
    private long pacedShares;
    private long paceBegunNanos;
    private int nextInTurn;

    private Swarm(SwarmSettings settings, LongSupplier nanoClock, Selector selector) {
        this.settings = settings;
        this.nanoClock = nanoClock;
        this.selector = selector;
    }

    public static Swarm of(SwarmSettings settings, LongSupplier nanoClock) {
        try {
            return new Swarm(settings, nanoClock, Selector.open());
        } catch (IOException e) {
            throw new SwarmFailed("cannot watch sockets: " + e.getMessage(), e);
        }
    }

    /// Has something looked at between two looks at the sockets, such as whether the pool is there; what that throws
    /// ends the wait.
    public Swarm watching(Runnable watch) {
        this.watch = watch;
        return this;
    }

    /// Connects so many more miners, and those that were lost; answers how long it took until every one held a
    /// job and was logged in.
    ///
    /// @throws SwarmFailed where that takes longer
    public long connect(int more, Duration most) {
        long begun = nanoClock.getAsLong();
        for (int i = 0; i < more; i++) {
            int number = miners.size();
            var miner = new SwarmMiner(number, settings.user() + ".w" + number);
            miners.add(miner);
            unconnected.add(miner);
        }
        load = new Load.Idle();
        if (!runUntil(begun + most.toNanos(), () -> ready == miners.size())) {
            throw new SwarmFailed(
                    "%d of %d connections are set up after %d s"
                            .formatted(ready, miners.size(), most.toSeconds()));
        }
        return nanoClock.getAsLong() - begun;
    }

    /// Loads the pool for so long, then waits for the answers that are still out.
    public LoadResult run(Load by, Duration howLong) {
        long begun = begin(by);
        runUntil(begun + howLong.toNanos(), () -> false);
        var result = result(nanoClock.getAsLong() - begun);
        settle();
        return result;
    }

    /// The same while something else is done to the pool, a little at a time between two looks at the sockets:
    /// on a thread of its own it would delay what is timed here.
    public LoadResult run(Load by, Duration howLong, Runnable besides) {
        this.besides = besides;
        try {
            return run(by, howLong);
        } finally {
            this.besides = () -> {};
        }
    }

    /// Begins a load that goes on while [#turn] is called, as besides another swarm's.
    public void beginTurns(Load by) {
        begin(by);
    }

    /// Sends what is due and reads what is there, without waiting.
    public void turn() {
        try {
            if (load instanceof Load.Paced paced) {
                pace(paced);
            }
            selector.selectNow(this::selected);
        } catch (IOException e) {
            throw new SwarmFailed("cannot look at sockets: " + e.getMessage(), e);
        }
    }

    /// What has come of the turns; the load has ended.
    public LoadResult endTurns() {
        var result = result(nanoClock.getAsLong() - paceBegunNanos);
        settle();
        return result;
    }

    /// Loads the pool until every miner was told of a new tip that is announced meanwhile; answers when the
    /// last one was, on the swarm's clock.
    ///
    /// @param announce called once, on another thread
    /// @throws SwarmFailed where one is not told in time
    public long untilTipTold(Load by, Duration before, Runnable announce, Duration most) {
        long begun = begin(by);
        runUntil(begun + before.toNanos(), () -> false);
        toldOfTip = 0;
        Thread.ofPlatform().name("announcer").start(announce);
        boolean told =
                runUntil(nanoClock.getAsLong() + most.toNanos(), () -> toldOfTip == miners.size());
        long last = lastToldNanos;
        settle();
        if (!told) {
            throw new SwarmFailed(
                    "%d of %d miners heard of the new tip within %d s"
                            .formatted(toldOfTip, miners.size(), most.toSeconds()));
        }
        return last;
    }

    /// Waits until nobody is connected, as after the pool's end.
    public void awaitLost(Duration most) {
        load = new Load.Idle();
        long deadline = nanoClock.getAsLong() + most.toNanos();
        while (ready > 0 && nanoClock.getAsLong() < deadline) {
            step(deadline);
        }
    }

    public int connections() {
        return ready;
    }

    @Override
    public void close() {
        try {
            for (var miner : miners) {
                if (miner.channel != null) {
                    miner.channel.close();
                }
            }
            selector.close();
        } catch (IOException e) {
            throw new SwarmFailed("cannot close the connections: " + e.getMessage(), e);
        }
    }

    private long begin(Load by) {
        accepted = 0;
        refused = 0;
        lost = 0;
        firstRefusal = "";
        latencies = new Latencies();
        load = by;
        long begun = nanoClock.getAsLong();
        pacedShares = 0;
        paceBegunNanos = begun;
        if (by instanceof Load.Closed closed) {
            miners.forEach(miner -> submit(miner, closed.outstanding() - miner.unanswered()));
        }
        return begun;
    }

    private LoadResult result(long nanos) {
        return new LoadResult(accepted, refused, lost, nanos, latencies, firstRefusal);
    }

    private void settle() {
        load = new Load.Idle();
        runUntil(nanoClock.getAsLong() + LAST_ANSWERS.toNanos(), this::allAnswered);
    }

    private boolean allAnswered() {
        for (var miner : miners) {
            if (miner.unanswered() > 0) {
                return false;
            }
        }
        return true;
    }

    /// Whether it was done before the deadline.
    private boolean runUntil(long deadlineNanos, BooleanSupplier done) {
        while (!done.getAsBoolean()) {
            if (nanoClock.getAsLong() - deadlineNanos >= 0) {
                return false;
            }
            watch.run();
            connectSome();
            besides.run();
            step(deadlineNanos);
        }
        return true;
    }

    private void step(long deadlineNanos) {
        try {
            switch (load) {
                case Load.Paced paced -> {
                    pace(paced);
                    if (selector.selectNow(this::selected) == 0) {
                        LockSupport.parkNanos(PACE_NANOS);
                    }
                }
                case Load.Closed _, Load.Idle _ -> {
                    long left = (deadlineNanos - nanoClock.getAsLong()) / 1_000_000;
                    selector.select(this::selected, Math.clamp(left, 1, LONGEST_WAIT_MILLIS));
                }
            }
        } catch (IOException e) {
            throw new SwarmFailed("cannot wait for sockets: " + e.getMessage(), e);
        }
    }

    /// Sends what is due by now, one share a miner in turn.
    private void pace(Load.Paced paced) {
        double seconds = (nanoClock.getAsLong() - paceBegunNanos) / 1e9;
        long due = (long) (seconds * paced.sharesPerSecond());
        while (pacedShares < due) {
            pacedShares++;
            var miner = miners.get(nextInTurn);
            nextInTurn = (nextInTurn + 1) % miners.size();
            submit(miner, Math.min(1, SwarmMiner.MAX_UNANSWERED - miner.unanswered()));
        }
    }

    private void connectSome() {
        while (settingUp < SETUPS_AT_ONCE && !unconnected.isEmpty()) {
            var miner = unconnected.remove();
            settingUp++;
            try {
                connect(miner);
            } catch (ConnectException notYet) {
                forget(miner);
                LockSupport.parkNanos(AGAIN_NANOS);
                return;
            } catch (IOException e) {
                throw new SwarmFailed(
                        "cannot connect miner " + miner.number + ": " + e.getMessage(), e);
            }
        }
    }

    private void connect(SwarmMiner miner) throws IOException {
        var channel = SocketChannel.open();
        miner.channel = channel;
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        if (settings.sources() > 1) {
            int source = miner.number % settings.sources() + 1;
            channel.bind(new InetSocketAddress("127.0.0." + source, 0));
        }
        boolean connected = channel.connect(settings.pool());
        miner.key =
                channel.register(
                        selector,
                        connected ? SelectionKey.OP_READ : SelectionKey.OP_CONNECT,
                        miner);
        if (connected) {
            greet(miner);
        }
    }

    private void selected(SelectionKey key) {
        var miner = (SwarmMiner) key.attachment();
        var channel = (SocketChannel) key.channel();
        try {
            if (key.isConnectable()) {
                channel.finishConnect();
                key.interestOps(SelectionKey.OP_READ);
                greet(miner);
            }
            if (key.isWritable()) {
                goOnSending(miner, key, channel);
            }
            if (key.isReadable()) {
                read(miner, channel);
            }
        } catch (IOException gone) {
            forget(miner);
        }
    }

    private void greet(SwarmMiner miner) {
        out.clear();
        out.put(miner.greeting(settings.password()));
        send(miner);
    }

    private void read(SwarmMiner miner, SocketChannel channel) throws IOException {
        in.clear();
        int bytes = channel.read(in);
        if (bytes < 0) {
            forget(miner);
            return;
        }
        in.flip();
        int kept = miner.partial.length;
        if (line.length < kept + bytes) {
            line = Arrays.copyOf(line, kept + bytes);
        }
        System.arraycopy(miner.partial, 0, line, 0, kept);
        in.get(line, kept, bytes);
        lines(miner, kept, kept + bytes);
        if (load instanceof Load.Closed(int outstanding) && miner.isReady()) {
            submit(miner, outstanding - miner.unanswered());
        }
    }

    private void lines(SwarmMiner miner, int scanned, int length) {
        long now = nanoClock.getAsLong();
        int start = 0;
        for (int i = scanned; i < length; i++) {
            if (line[i] == '\n') {
                heard(miner, start, i, now);
                start = i + 1;
            }
        }
        miner.partial =
                start == length ? SwarmMiner.NOTHING : Arrays.copyOfRange(line, start, length);
    }

    private void heard(SwarmMiner miner, int from, int end, long nowNanos) {
        if (!miner.isReady()) {
            heardFirst(miner, from, end, nowNanos);
        } else if (Scan.isAccepted(line, from, end)) {
            accepted++;
            answered(miner, nowNanos);
        } else if (Scan.find(line, from, end, Scan.METHOD) >= 0) {
            told(miner, from, end, nowNanos);
        } else {
            refused++;
            if (firstRefusal.isEmpty()) {
                firstRefusal = new String(line, from, Math.min(end - from, 200), US_ASCII);
            }
            answered(miner, nowNanos);
        }
    }

    private void heardFirst(SwarmMiner miner, int from, int end, long nowNanos) {
        if (Scan.find(line, from, end, Scan.METHOD) >= 0) {
            told(miner, from, end, nowNanos);
        } else {
            miner.setUp(line, from, end);
        }
        if (miner.isReady()) {
            settingUp--;
            ready++;
        }
    }

    private void answered(SwarmMiner miner, long nowNanos) {
        long sent = miner.answered();
        if (sent != 0) {
            latencies.add(nowNanos - sent);
        }
    }

    /// A job, or something a swarm does not heed.
    private void told(SwarmMiner miner, int from, int end, long nowNanos) {
        if (Scan.find(line, from, end, Scan.NOTIFY) < 0) {
            return;
        }
        var job = lastJob;
        if (job == null || !job.isSameLine(line, from, end)) {
            job = PoolJob.read(line, from, end);
            lastJob = job;
        }
        if (job != null && miner.take(job)) {
            toldOfTip++;
            lastToldNanos = nowNanos;
        }
    }

    private void submit(SwarmMiner miner, int shares) {
        if (shares <= 0 || !miner.isReady() || miner.unsent != null) {
            return;
        }
        out.clear();
        long now = nanoClock.getAsLong();
        for (int i = 0; i < shares; i++) {
            miner.submit(out, now);
        }
        send(miner);
    }

    private void send(SwarmMiner miner) {
        var channel = miner.channel;
        var key = miner.key;
        if (channel == null || key == null) {
            return;
        }
        out.flip();
        try {
            channel.write(out);
            if (out.hasRemaining()) {
                miner.unsent = ByteBuffer.allocate(out.remaining()).put(out).flip();
                key.interestOpsOr(SelectionKey.OP_WRITE);
            }
        } catch (IOException gone) {
            forget(miner);
        }
    }

    private static void goOnSending(SwarmMiner miner, SelectionKey key, SocketChannel channel)
            throws IOException {
        var unsent = miner.unsent;
        if (unsent != null) {
            channel.write(unsent);
        }
        if (unsent == null || !unsent.hasRemaining()) {
            miner.unsent = null;
            key.interestOpsAnd(~SelectionKey.OP_WRITE);
        }
    }

    /// The connection is gone; it is made anew with the next [#connect].
    private void forget(SwarmMiner miner) {
        if (miner.isReady()) {
            ready--;
            lost++;
        } else {
            settingUp--;
        }
        try {
            if (miner.channel != null) {
                miner.channel.close();
            }
        } catch (IOException e) {
            // It was lost before, which is all that matters here.
            firstRefusal = String.valueOf(e.getMessage());
        }
        miner.reset();
        unconnected.add(miner);
    }
}
