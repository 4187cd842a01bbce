package adit.server.session.v1;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.List;

import org.jspecify.annotations.Nullable;

import adit.pow.Difficulty;
import adit.pow.Job;
import adit.server.account.PasswordOptions;
import adit.server.channel.ChannelSettings;
import adit.server.channel.MiningChannel;
import adit.server.firmware.Firmware;
import adit.server.job.Finder;
import adit.server.session.v1.Wishes.Source;
import adit.stratum.v1.V1Encoder;

/// The work that goes out on one connection: its [MiningChannel] once there is one, and on the wire each
/// difficulty with the job it is bound to right behind it.
///
/// **Owner:** the session. **Invariant:** no two `set_difficulty` without a job between them, because
/// firmware of the cgminer family deals them out one to a job.
final class V1Work {

    private static final MathContext DOUBLE_DIGITS = new MathContext(17, RoundingMode.HALF_EVEN);

    /// Of one terahash a second.
    private static final BigDecimal HASHES_A_MINUTE = new BigDecimal("60e12");

    private static final BigDecimal HASHES_OF_DIFFICULTY_1 = BigDecimal.valueOf(Difficulty.ONE);

    private final V1Connection connection;
    private final ChannelSettings settings;
    private final boolean paysFinder;
    private final Wishes wishes = new Wishes();
    private Firmware firmware = Firmware.UNKNOWN;
    private @Nullable Finder finder;
    private @Nullable MiningChannel channel;
    private long secret;
    private String agent = "";
    private @Nullable Worker worker;
    private boolean hasWork;
    private long toldUnits;
    private long rememberedUnits;

    V1Work(V1Connection connection, V1Settings settings) {
        this.connection = connection;
        this.settings = settings.channel();
        this.paysFinder = settings.paysFinder();
    }

    /// Null before the miner has subscribed.
    @Nullable MiningChannel channel() {
        return channel;
    }

    Firmware firmware() {
        return firmware;
    }

    /// Whom all work of this connection pays, once there is somebody; null where it pays the pool.
    @Nullable Finder finder() {
        return finder;
    }

    /// From here on there is somebody to pay, so work can begin.
    void payTo(Finder first) {
        finder = first;
        sendAfresh();
    }

    /// What the miner's agent says it is; known before the first work, and perhaps better later.
    void servedTo(Firmware known) {
        firmware = known;
    }

    /// The same known of a miner at work: its terms change, and perhaps its difficulty.
    void servedBy(ChannelSettings terms) {
        resendIf(channel != null && channel.servedBy(terms));
    }

    void begin(MiningChannel mining, String calledItself) {
        channel = mining;
        agent = calledItself;
        secret = connection.loop().newSecret();
        wishes.applyTo(mining);
        var _ = recall();
    }

    /// Goes on with a channel under its old session id; what vardiff has found there stays.
    void goOn(MiningChannel mining, SessionId id, String calledItself) {
        channel = mining;
        agent = calledItself;
        secret = id.secret();
        wishes.goOnWith(mining);
    }

    /// What this miner would come back for.
    void exportTo(List<ParkedChannel> list) {
        var mining = channel;
        if (mining != null && worker != null) {
            list.add(new ParkedChannel(sessionId(mining).text(), mining.difficultyUnits(), agent));
        }
    }

    /// What the miner is to name when it comes back for its channel.
    SessionId sessionId(MiningChannel mining) {
        return new SessionId(secret, mining.prefix());
    }

    /// The connection has gone; a miner that had logged in may come back.
    void end() {
        var mining = channel;
        if (mining == null) {
            return;
        }
        remember();
        channel = null;
        var loop = connection.loop();
        // The jobs of a port that pays its finders belong to whoever was logged in.
        if (worker == null || paysFinder) {
            loop.extranonces.giveBack(mining.prefix());
        } else {
            loop.parked.park(
                    sessionId(mining), agent, settings, mining, loop.nanoClock.getAsLong());
        }
    }

    /// A new job for everyone.
    void announce(Job job, boolean newTip) {
        if (channel != null) {
            send(channel, job, newTip);
        }
    }

    /// A new tip for a miner that does not read: what it does on the old one is late from now on, and the
    /// job it is sent when it reads again tells it to leave that.
    void withholdTip(Job job) {
        if (channel != null) {
            var _ = channel.send(job, true);
            hasWork = false;
        }
    }

    /// The present job as one more of its tip.
    void resend() {
        resendIf(true);
    }

    /// For a miner that submits far more often than it should.
    void harden() {
        resendIf(channel != null && channel.harden());
    }

    void adjustDifficulty() {
        var mining = channel;
        if (mining == null) {
            return;
        }
        if (mining.foundUnits() != rememberedUnits) {
            remember();
        }
        resendIf(mining.adjustDifficulty());
    }

    /// The miner is known by this name: begins where it was found to belong before, unless it has wished.
    void knownAs(Worker name) {
        if (worker == null) {
            worker = name;
            resendIf(recall());
        }
    }

    /// Notes the difficulty found for this miner, for its next connection; nothing that it wished alone.
    void remember() {
        if (channel != null && worker != null && channel.isFree() && channel.foundUnits() > 0) {
            rememberedUnits = channel.foundUnits();
            connection.loop().difficulties.remember(worker.fullName(), agent, rememberedUnits);
        }
    }

    /// Difficulty and job as if for the first time, to a miner that has forgotten them.
    void sendAfresh() {
        hasWork = false;
        toldUnits = 0;
        resendIf(true);
    }

    /// What a name and the password beside it wish.
    void wishBy(Worker name, @Nullable BigDecimal wishedByName, PasswordOptions options) {
        long start =
                units(options.startDifficulty() != null ? options.startDifficulty() : wishedByName);
        long least = units(options.minimumDifficulty());
        long floor = least == 0 ? start : least;
        long fixed = units(options.fixedDifficulty());
        var terahashes = options.terahashesPerSecond();
        if (worker != null && !worker.fullName().equals(name.fullName())) {
            resendIf(wishes.raise(channel, fixed > 0 ? fixed : floor));
        } else if (fixed > 0) {
            resendIf(wishes.fix(channel, fixed));
        } else if (start > 0) {
            resendIf(wishes.start(channel, Source.LOGIN, start, floor));
        } else if (terahashes != null) {
            long paced = pacedUnits(terahashes);
            resendIf(
                    wishes.start(
                            channel,
                            Source.LOGIN,
                            paced,
                            floor == 0 ? settings.minimumUnits() : floor));
        } else if (floor > 0) {
            resendIf(wishes.floor(channel, Source.LOGIN, floor));
        }
    }

    /// 0 where nothing is wished.
    private static long units(@Nullable BigDecimal difficulty) {
        return difficulty == null ? 0 : Difficulty.units(difficulty);
    }

    /// The power of two at which so fast a miner sends about as many shares a minute as the listener aims at.
    private long pacedUnits(BigDecimal terahashesPerSecond) {
        var hashesPerShare =
                terahashesPerSecond
                        .multiply(HASHES_A_MINUTE)
                        .divide(
                                BigDecimal.valueOf(settings.sharesPerMinute()),
                                MathContext.DECIMAL64);
        return Long.highestOneBit(Difficulty.units(hashesPerShare.divide(HASHES_OF_DIFFICULTY_1)));
    }

    void suggested(long units) {
        resendIf(wishes.start(channel, Source.SUGGESTED, units, units));
    }

    void configured(long leastUnits) {
        resendIf(wishes.floor(channel, Source.CONFIGURED, leastUnits));
    }

    private boolean recall() {
        if (channel == null || worker == null) {
            return false;
        }
        long found = connection.loop().difficulties.recall(worker.fullName(), agent);
        if (found == 0) {
            return false;
        }
        rememberedUnits = found;
        channel.foundBefore(found);
        return wishes.recall(channel, found);
    }

    private void resendIf(boolean another) {
        var mining = channel;
        if (another && mining != null) {
            connection.loop().currentJob().ifPresent(job -> send(mining, job, false));
        }
    }

    private void send(MiningChannel mining, Job shared, boolean newTip) {
        var payee = finder;
        if (paysFinder && payee == null) {
            return;
        }
        var job =
                payee == null
                        ? shared
                        : connection.loop().direct.jobFor(shared, payee, firmware.coinbaseClass());
        var sent = mining.send(job, newTip);
        if (sent == null) {
            return;
        }
        var out = connection.out();
        if (sent.difficultyUnits() != toldUnits) {
            if (sent.difficultyUnits() < toldUnits) {
                connection.difficultyLowered();
            }
            toldUnits = sent.difficultyUnits();
            V1Encoder.setDifficulty(out, asFirmwareReads(toldUnits));
        }
        connection.loop().lineOf(job).writeTo(out, sent.reissue(), newTip || !hasWork);
        hasWork = true;
    }

    /// A double holds no more digits than these, and small parsers stumble over more.
    private static String asFirmwareReads(long units) {
        return new BigDecimal(Difficulty.decimal(units))
                .round(DOUBLE_DIGITS)
                .stripTrailingZeros()
                .toPlainString();
    }
}
