package adit.server.session.v1;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;

import org.jspecify.annotations.Nullable;

import adit.pow.Difficulty;
import adit.pow.Job;
import adit.pow.Target;
import adit.server.account.MinerName;
import adit.server.account.PasswordOptions;
import adit.server.channel.MiningChannel;
import adit.server.channel.Verdict;
import adit.server.config.Limits;
import adit.server.job.ExtranonceSpace;
import adit.stratum.MalformedMessage;
import adit.stratum.v1.Submit;
import adit.stratum.v1.V1Encoder;
import adit.stratum.v1.V1Error;
import adit.stratum.v1.V1Extension;
import adit.stratum.v1.V1Hex;
import adit.stratum.v1.V1Request;

/// The conversation of one connection: what its lines ask becomes calls on its [MiningChannel].
///
/// ```text
/// new ──subscribe──▶ has a channel and work ──authorize──▶ may submit under that name
/// ```
/// Both orders occur, and either may be repeated. Work goes out right after the subscribe reply, because
/// rental services judge a pool by that.
///
/// **Owner:** its event loop. **Limits:** names, failed logins and suggestions a minute ([Limits]).
/// **Spec:** BIP 310 for `mining.configure`; the rest is the dialect of `docs/protocol/stratum-v1.md`.
final class V1Session {

    private static final MathContext DOUBLE_DIGITS = new MathContext(17, RoundingMode.HALF_EVEN);

    private final V1Connection connection;
    private final V1Loop loop;
    private final V1Settings settings;
    private final long id;
    private final long acceptedNanos;
    private final Workers workers = new Workers();
    private final RateLimit failedLogins = new RateLimit(Limits.FAILED_AUTHORIZES_PER_MINUTE - 1);
    private final RateLimit suggestions = new RateLimit(Limits.SUGGESTIONS_PER_MINUTE);
    private final Wishes wishes;
    private @Nullable MiningChannel channel;
    private boolean hasWork;
    private boolean rollsVersion;
    private boolean maskTold;
    private int grantedMask;
    private long toldUnits;

    V1Session(V1Connection connection, V1Loop loop, V1Settings settings, long id) {
        this.connection = connection;
        this.loop = loop;
        this.settings = settings;
        this.id = id;
        this.acceptedNanos = loop.nanoClock.getAsLong();
        this.wishes = new Wishes(settings.channel());
        this.grantedMask = loop.versionMask;
    }

    int lineLimit() {
        return workers.isEmpty() ? Limits.LINE_BYTES_BEFORE_AUTHORIZE : Limits.LINE_BYTES;
    }

    boolean missesDeadline(long nowNanos, boolean anyLine) {
        long age = nowNanos - acceptedNanos;
        boolean silent = !anyLine && age > Limits.FIRST_MESSAGE_NANOS;
        boolean idle = (channel == null || workers.isEmpty()) && age > Limits.SETUP_NANOS;
        return silent || idle;
    }

    /// A new job for everyone.
    void announce(Job job, boolean newTip) {
        if (channel != null) {
            sendWork(channel, job, newTip);
        }
    }

    void adjustDifficulty() {
        if (channel != null && channel.adjustDifficulty()) {
            resendWork(channel);
        }
    }

    void ended() {
        if (channel != null) {
            loop.extranonces.giveBack(channel.prefix());
            channel = null;
        }
    }

    void line(byte[] line, int offset, int length) throws MalformedMessage {
        var request = loop.decoder.decode(line, offset, length);
        switch (request) {
            case Submit submit -> submit(submit, line);
            case V1Request.Nothing _, V1Request.Reply _, V1Request.Pong _ -> {}
            case V1Request.Configure configure -> configure(configure, line);
            case V1Request.Subscribe subscribe -> subscribe(subscribe, line);
            case V1Request.Authorize authorize -> authorize(authorize, line);
            case V1Request.SuggestDifficulty suggestion -> suggest(suggestion.difficulty());
            case V1Request.SuggestTarget suggestion -> suggest(suggestion.target());
            case V1Request.Capabilities capabilities -> suggest(capabilities.suggestedTarget());
            case V1Request.MultiVersion _ -> {}
            case V1Request.ExtranonceSubscribe _, V1Request.Hashrate _, V1Request.Noop _ ->
                    replyTrue(request, line);
            case V1Request.GetTransactions _, V1Request.GetTxnHashes _ -> replyList(request, line);
            case V1Request.Ping _ -> replyPong(request, line);
            case V1Request.Term _ -> connection.close();
            case V1Request.Unknown _ -> refuse(request, line, V1Error.METHOD_NOT_FOUND);
            case V1Request.Invalid invalid -> invalid(invalid, line);
        }
    }

    private void submit(Submit submit, byte[] line) {
        var mining = channel;
        if (mining == null) {
            refuse(submit, line, V1Error.NOT_SUBSCRIBED);
            return;
        }
        var worker =
                workers.find(
                        submit.userBytes(),
                        submit.userOffset(),
                        submit.userLength(),
                        settings.network());
        if (worker == null) {
            refuse(submit, line, V1Error.UNAUTHORIZED);
            return;
        }
        var verdict = judge(mining, submit, worker);
        connection.reply(
                verdict, line, submit.idOffset(), submit.idLength(), verdict == Verdict.ACCEPTED);
    }

    private Verdict judge(MiningChannel mining, Submit submit, Worker worker) {
        if (submit.jobIdLength() != V1Hex.jobIdDigits(submit.jobId())) {
            return Verdict.UNKNOWN_JOB;
        }
        var submission = loop.submission;
        submission.wireJobId = submit.jobId();
        submission.rollableLength = submit.extranonceLength();
        System.arraycopy(submit.extranonce(), 0, submission.rollable, 0, submit.extranonceLength());
        submission.versionBits = submit.versionBits();
        submission.ntime = submit.ntime();
        submission.nonce = submit.nonce();
        submission.accountRef = worker.accountRef();
        submission.workerRef = worker.workerRef();
        submission.workerName = worker.fullName();
        return mining.submit(submission);
    }

    private void configure(V1Request.Configure configure, byte[] line) {
        for (var extension : configure.extensions()) {
            switch (extension) {
                case V1Extension.VersionRolling rolling -> {
                    grantedMask = rolling.grant(loop.versionMask);
                    rollsVersion = true;
                }
                case V1Extension.MinimumDifficulty minimum -> wishFloor(minimum.difficulty());
                case V1Extension.SubscribeExtranonce _,
                        V1Extension.MinerInfo _,
                        V1Extension.Other _ -> {}
            }
        }
        connection.reply(out ->
                V1Encoder.configureResult(
                        out,
                        line,
                        configure.idOffset(),
                        configure.idLength(),
                        configure.extensions(),
                        grantedMask,
                        true));
    }

    private void subscribe(V1Request.Subscribe subscribe, byte[] line) {
        if (channel == null) {
            var prefix = loop.extranonces.take();
            if (prefix.isEmpty()) {
                refuse(subscribe, line, V1Error.OTHER, "No room for another miner");
                connection.close();
                return;
            }
            channel = new MiningChannel(id, prefix.get(), loop.shares, settings.channel());
            wishes.applyTo(channel);
        }
        var prefix = channel.prefix();
        connection.reply(out ->
                V1Encoder.subscribeResult(
                        out,
                        line,
                        subscribe.idOffset(),
                        subscribe.idLength(),
                        HexFormat.of().formatHex(prefix),
                        prefix,
                        ExtranonceSpace.ROLLABLE_BYTES));
        // Some firmware subscribes again after an answer it did not like, and has forgotten what
        // came with it. Where shares wait for the journal it was not that, and work must not
        // overtake this answer.
        if (!connection.owesReplies()) {
            hasWork = false;
            toldUnits = 0;
            resendWork(channel);
        }
    }

    private void authorize(V1Request.Authorize authorize, byte[] line) {
        switch (MinerName.parse(authorize.user(), settings.network())) {
            case MinerName.Parsed.Refused(var reason) -> refuseLogin(authorize, line, reason);
            case MinerName.Parsed.Valid(var name) -> logIn(authorize, line, name);
        }
    }

    private void logIn(V1Request.Authorize authorize, byte[] line, MinerName name) {
        if (workers.size() >= settings.mostWorkers()) {
            refuse(authorize, line, V1Error.OTHER, "Too many workers on one connection");
            return;
        }
        int account = loop.references.accountRef(name.account());
        int worker =
                account < 0
                        ? -1
                        : loop.references.workerRef(
                                account, name.worker(), settings.scheme(), settings.feeBps());
        if (worker < 0) {
            refuse(authorize, line, V1Error.OTHER, "No room for another name today");
            return;
        }
        var sentAs = authorize.user().getBytes(StandardCharsets.UTF_8);
        workers.add(new Worker(sentAs, name.account(), name.worker(), account, worker));
        boolean tellMask = rollsVersion && !maskTold;
        maskTold |= tellMask;
        // In one piece with the answer: some firmware hangs up on a mask that comes before it.
        connection.reply(out -> {
            V1Encoder.resultTrue(out, line, authorize.idOffset(), authorize.idLength());
            if (tellMask) {
                V1Encoder.setVersionMask(out, grantedMask);
            }
        });
        wishBy(name, PasswordOptions.parse(authorize.password()));
    }

    private void refuseLogin(V1Request.Authorize authorize, byte[] line, String reason) {
        connection.reply(out ->
                V1Encoder.refused(
                        out,
                        line,
                        authorize.idOffset(),
                        authorize.idLength(),
                        V1Error.UNAUTHORIZED,
                        reason));
        if (!failedLogins.allows(loop.nanoClock.getAsLong())) {
            connection.close();
        }
    }

    private void wishBy(MinerName name, PasswordOptions options) {
        if (options.fixedDifficulty() != null) {
            resendIf(wishes.fix(channel, Difficulty.units(options.fixedDifficulty())));
            return;
        }
        var start =
                options.startDifficulty() != null
                        ? options.startDifficulty()
                        : name.wishedDifficulty();
        var floor = options.minimumDifficulty();
        if (start != null) {
            long startUnits = Difficulty.units(start);
            long floorUnits = floor == null ? startUnits : Difficulty.units(floor);
            resendIf(wishes.start(channel, startUnits, floorUnits));
        } else if (floor != null) {
            resendIf(wishes.floor(channel, Difficulty.units(floor)));
        }
    }

    private void wishFloor(BigDecimal difficulty) {
        long units =
                difficulty.signum() == 0
                        ? settings.channel().minimumUnits()
                        : Difficulty.units(difficulty);
        resendIf(wishes.floor(channel, units));
    }

    private void suggest(BigInteger target) {
        if (target.signum() > 0) {
            suggestUnits(Difficulty.unitsOfTarget(Target.of(target)));
        }
    }

    private void suggest(BigDecimal difficulty) {
        if (difficulty.signum() > 0) {
            suggestUnits(Difficulty.units(difficulty));
        }
    }

    private void suggestUnits(long units) {
        if (suggestions.allows(loop.nanoClock.getAsLong())) {
            resendIf(wishes.start(channel, units, units));
        }
    }

    private void resendIf(boolean another) {
        if (another && channel != null) {
            resendWork(channel);
        }
    }

    private void resendWork(MiningChannel mining) {
        loop.currentJob().ifPresent(job -> sendWork(mining, job, false));
    }

    /// The difficulty, where it is another one, and behind it at once the job it is bound to.
    private void sendWork(MiningChannel mining, Job job, boolean newTip) {
        var sent = mining.send(job, newTip);
        if (sent == null) {
            return;
        }
        var out = connection.out();
        if (sent.difficultyUnits() != toldUnits) {
            toldUnits = sent.difficultyUnits();
            V1Encoder.setDifficulty(out, asFirmwareReads(toldUnits));
        }
        loop.lineOf(job).writeTo(out, sent.reissue(), newTip || !hasWork);
        hasWork = true;
    }

    /// A double holds no more digits than these, and small parsers stumble over more.
    private static String asFirmwareReads(long units) {
        return new BigDecimal(Difficulty.decimal(units))
                .round(DOUBLE_DIGITS)
                .stripTrailingZeros()
                .toPlainString();
    }

    private void invalid(V1Request.Invalid invalid, byte[] line) {
        if (invalid.isAnswered()) {
            refuse(invalid, line, V1Error.OTHER, invalid.text());
        }
        connection.protocolError();
    }

    private void replyTrue(V1Request request, byte[] line) {
        if (request.isAnswered()) {
            connection.reply(
                    out -> V1Encoder.resultTrue(out, line, request.idOffset(), request.idLength()));
        }
    }

    private void replyList(V1Request request, byte[] line) {
        if (request.isAnswered()) {
            connection.reply(out ->
                    V1Encoder.resultStrings(
                            out, line, request.idOffset(), request.idLength(), List.of()));
        }
    }

    private void replyPong(V1Request request, byte[] line) {
        if (request.isAnswered()) {
            connection.reply(
                    out -> V1Encoder.resultPong(out, line, request.idOffset(), request.idLength()));
        }
    }

    private void refuse(V1Request request, byte[] line, V1Error error) {
        if (request.isAnswered()) {
            refuse(request, line, error, error.text());
        }
        connection.protocolError();
    }

    private void refuse(V1Request request, byte[] line, V1Error error, String text) {
        connection.reply(out ->
                V1Encoder.error(out, line, request.idOffset(), request.idLength(), error, text));
    }

    /// What a browser sees that was pointed at the mining port.
    String page() {
        var body =
                "<!doctype html><title>Adit</title><p>This port speaks Stratum, for miners.</p>"
                        + "<p>Point a miner at it as <code>stratum+tcp://</code> with your address as"
                        + " the user name.</p>\n";
        return "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s"
                .formatted(body.length(), body);
    }
}
