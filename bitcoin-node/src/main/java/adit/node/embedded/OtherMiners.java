package adit.node.embedded;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The rest of the network: it finds most blocks, pays and is paid, and now and then wins a race.
///
/// Each turn waits for an exponential time, lets the wallet make some payments, and mines a block on the tip, or two
/// beside it. Its hashing is real. It runs on a platform thread, because a virtual one would keep a carrier busy for as
/// long as it hashes.
///
/// **Owner:** its own thread.
final class OtherMiners implements AutoCloseable {
    static final String TAG = "rest of the network";
    private static final long LEAST_PAYMENT_SATS = 10_000;
    private static final long MOST_PAYMENT_SATS = 5_000_000;
    private static final long MOST_SATS_PER_VIRTUAL_BYTE = 30;
    private static final int ONE_CHAINED_IN = 3;
    private static final int OWN_ADDRESSES = 8;
    private static final int GRIND_MEMORY = 8;
    private static final Logger LOG = LoggerFactory.getLogger(OtherMiners.class);

    private final RestOfNetwork habits;
    private final ChainThread chainThread;
    private final FullNode node;
    private final BlockMaker maker;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Thread thread;
    private long usualGrindMillis;

    OtherMiners(
            RestOfNetwork habits,
            ChainThread chainThread,
            FullNode node,
            InstantSource clock,
            RandomGenerator random) {
        this.habits = habits;
        this.chainThread = chainThread;
        this.node = node;
        this.clock = clock;
        this.random = random;
        maker = new BlockMaker(chainThread, node);
        thread = Thread.ofPlatform().name("rest-of-network").daemon().unstarted(this::run);
    }

    void start() {
        if (!habits.isAbsent()) {
            thread.start();
        }
    }

    @Override
    public void close() {
        stop.countDown();
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            while (!stop.await(waitMillis(), TimeUnit.MILLISECONDS)) {
                turn();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (ChainUnavailable e) {
            if (stop.getCount() > 0) {
                LOG.error("the rest of the network stopped mining", e);
            }
        }
    }

    // The time hashing usually takes is a part of the interval.
    private long waitMillis() {
        double interval = random.nextExponential() * habits.meanInterval().toMillis();
        return Math.max(1, Math.round(interval) - usualGrindMillis);
    }

    /// One turn: payments, then one block on the tip or a race of two beside it.
    void turn() {
        int payments = random.nextInt(habits.paymentsPerBlock() + 1);
        for (int i = 0; i < payments; i++) {
            chainThread.run(this::pay);
        }
        boolean mayRace = chainThread.call(() -> node.chain().tip().height()) > 1;
        var from = clock.instant();
        if (mayRace && random.nextInt(habits.oneRaceIn()) == 0) {
            race();
        } else {
            mineOnTip();
            long grindMillis = Duration.between(from, clock.instant()).toMillis();
            usualGrindMillis += (grindMillis - usualGrindMillis) / GRIND_MEMORY;
        }
    }

    private void mineOnTip() {
        while (stop.getCount() > 0
                && maker.make(() -> node.draft(node.ownScript(0), TAG)).isEmpty()) {
            LOG.debug("the tip moved, starting again");
        }
    }

    // Two blocks on the tip's parent have more work than the tip, so it is orphaned unless it is
    // extended meanwhile.
    private void race() {
        var parent = chainThread.call(() -> node.chain().tip().parent());
        var rival = mineOn(parent);
        if (rival.isPresent() && stop.getCount() > 0) {
            mineOn(rival.get());
        }
    }

    private Optional<ChainEntry> mineOn(ChainEntry parent) {
        return maker.make(() -> node.draftOn(parent, node.ownScript(0), TAG, node.nowSeconds()))
                .flatMap(made -> chainThread.call(() -> node.chain().find(made.hash())));
    }

    // Without mature coins there is nothing to pay with, which is how every chain begins.
    private void pay() {
        long sats = random.nextLong(LEAST_PAYMENT_SATS, MOST_PAYMENT_SATS);
        long satsPerVirtualByte = random.nextLong(1, MOST_SATS_PER_VIRTUAL_BYTE);
        var payee = node.ownScript(random.nextInt(OWN_ADDRESSES));
        var change = node.ownScript(random.nextInt(OWN_ADDRESSES));
        boolean unconfirmedFirst = random.nextInt(ONE_CHAINED_IN) == 0;
        var payment =
                node.send(
                        new Transaction.Output(sats, payee),
                        change,
                        satsPerVirtualByte,
                        unconfirmedFirst);
        LOG.debug("paid: {}", payment);
    }
}
