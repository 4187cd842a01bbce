package adit.server.session.v1;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.InetAddress;
import java.util.List;

import org.jspecify.annotations.Nullable;

import adit.pow.Difficulty;
import adit.pow.Job;
import adit.pow.Target;
import adit.server.channel.ChannelSettings;
import adit.server.channel.MiningChannel;
import adit.server.channel.Verdict;
import adit.server.config.Limits;
import adit.server.firmware.Firmware;
import adit.server.job.ExtranonceSpace;
import adit.server.trace.Subject;
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
/// **Owner:** its event loop. **Limits:** suggestions a minute ([Limits]).
/// **Spec:** BIP 310 for `mining.configure`; the rest is the dialect of `docs/protocol/stratum-v1.md`.
final class V1Session {

    private final V1Connection connection;
    private final V1Settings settings;
    private final long id;
    private final long acceptedNanos;
    private final V1Work work;
    private final V1Login login;
    private final RateLimit suggestions = new RateLimit(Limits.SUGGESTIONS_PER_MINUTE);
    private int grantedMask;

    V1Session(V1Connection connection, V1Settings settings, long id, long acceptedNanos) {
        this.connection = connection;
        this.settings = settings;
        this.id = id;
        this.acceptedNanos = acceptedNanos;
        this.work = new V1Work(connection, settings);
        this.login = new V1Login(connection, settings, work);
        this.grantedMask = connection.loop().versionMask;
    }

    int lineLimit() {
        return login.isDone() ? Limits.LINE_BYTES : Limits.LINE_BYTES_BEFORE_AUTHORIZE;
    }

    boolean isInSetup() {
        return work.channel() == null || !login.isDone();
    }

    boolean missesDeadline(long nowNanos, boolean anyLine) {
        long age = nowNanos - acceptedNanos;
        boolean silent = !anyLine && age > Limits.FIRST_MESSAGE_NANOS;
        return silent || (isInSetup() && age > Limits.SETUP_NANOS);
    }

    /// A new job for everyone.
    void announce(Job job, boolean newTip) {
        work.announce(job, newTip);
    }

    /// The same for a miner that has not read what it was sent: judged by, but not sent.
    void withhold(Job job, boolean newTip) {
        if (newTip) {
            work.withholdTip(job);
        }
    }

    /// The present job, after others that were not sent.
    void sendWork() {
        work.resend();
    }

    void sendWorkAfresh() {
        work.sendAfresh();
    }

    void hardenWork() {
        work.harden();
    }

    void tipTold(long knownNanos, boolean isTaken) {
        var mining = work.channel();
        if (mining != null) {
            mining.tipTold(knownNanos, isTaken);
        }
    }

    void adjustDifficulty() {
        work.adjustDifficulty();
    }

    /// Asks the miner to connect again to where it is connected now, if its firmware understands that. Before it
    /// has subscribed any line of ours would be taken for the answer to that.
    void askToReconnect() {
        if (work.channel() != null) {
            tell(Farewell.RESTART);
            if (work.firmware().followsReconnect()) {
                V1Encoder.reconnect(connection.out());
            }
        }
    }

    /// Shows a sentence to the miner's owner, where its firmware does that and waits for no answer to its login.
    void tell(String words) {
        if (!words.isEmpty() && login.isDone() && work.firmware().showsMessages()) {
            V1Encoder.showMessage(connection.out(), words);
        }
    }

    /// Who this is, for traces.
    Subject.Peer peer(InetAddress address) {
        return new Subject.Peer(id, address, login.names());
    }

    void ended() {
        login.end();
        work.end();
    }

    void rememberDifficulty() {
        work.remember();
    }

    /// What this miner would come back for.
    void exportTo(List<ParkedChannel> list) {
        work.exportTo(list);
    }

    void line(byte[] line, int offset, int length) throws MalformedMessage {
        var request = connection.loop().decoder.decode(line, offset, length);
        switch (request) {
            case Submit submit -> submit(submit, line);
            case V1Request.Reply reply -> {
                if (login.isVersion(reply, line)) {
                    servedAs(reply.text());
                }
            }
            case V1Request.Nothing _, V1Request.Pong _ -> {}
            case V1Request.Configure configure -> configure(configure, line);
            case V1Request.Subscribe subscribe -> subscribe(subscribe, line);
            case V1Request.Authorize authorize -> login.authorize(authorize, line);
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
        var mining = work.channel();
        if (mining == null) {
            refuse(submit, line, V1Error.NOT_SUBSCRIBED);
            return;
        }
        if (!login.isDone()) {
            refuse(submit, line, V1Error.UNAUTHORIZED);
            return;
        }
        var worker = login.workerOf(submit);
        // One wrong name of a proxy's thousands is no reason to let go of the others.
        var verdict = worker == null ? Verdict.UNAUTHORIZED : judge(mining, submit, worker);
        connection.judged(verdict, connection.loop().submission.creditedUnits);
        connection.reply(
                verdict, line, submit.idOffset(), submit.idLength(), verdict == Verdict.ACCEPTED);
    }

    private Verdict judge(MiningChannel mining, Submit submit, Worker worker) {
        if (submit.jobIdLength() != V1Hex.jobIdDigits(submit.jobId())) {
            return Verdict.UNKNOWN_JOB;
        }
        var submission = connection.loop().submission;
        submission.wireJobId = submit.jobId();
        submission.rollableLength = submit.extranonceLength();
        System.arraycopy(submit.extranonce(), 0, submission.rollable, 0, submit.extranonceLength());
        submission.versionBits = submit.versionBits();
        submission.ntime = submit.ntime();
        submission.nonce = submit.nonce();
        submission.accountRef = worker.accountRef();
        submission.workerRef = worker.workerRef();
        submission.workerName = worker.fullName();
        submission.divided = worker.divided();
        return mining.submit(submission);
    }

    /// What a wish brings comes behind the answer: some firmware takes the next line for that, whatever it is.
    private void configure(V1Request.Configure configure, byte[] line) {
        @Nullable BigDecimal floor = null;
        for (var extension : configure.extensions()) {
            switch (extension) {
                case V1Extension.VersionRolling rolling -> {
                    grantedMask = rolling.grant(connection.loop().versionMask);
                    login.grantMask(grantedMask);
                }
                case V1Extension.MinimumDifficulty minimum -> floor = minimum.difficulty();
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
        if (floor != null) {
            configured(floor);
        }
    }

    private void subscribe(V1Request.Subscribe subscribe, byte[] line) {
        var id = SessionId.parse(subscribe.sessionId());
        var home = id.map(connection.loop()::homeOf).orElse(connection.loop());
        if (work.channel() == null && home != connection.loop()) {
            connection.moveTo(home);
            return;
        }
        var mining = work.channel();
        boolean isFirst = mining == null;
        if (mining == null) {
            var firmware = connection.loop().firmware.of(subscribe.agent());
            servedTo(firmware);
            var agent = connection.loop().agent(subscribe.agent());
            var terms = settings.channel().servedTo(firmware);
            mining = id.isPresent() ? comeBack(id.get(), agent, terms) : begin(agent, terms);
        } else if (!subscribe.agent().isEmpty()) {
            // Who subscribes again with nothing did not like the answer, and is still who it was.
            servedTo(connection.loop().firmware.of(subscribe.agent()));
            var _ = mining.servedBy(settings.channel().servedTo(work.firmware()));
        }
        if (mining == null) {
            refuse(subscribe, line, V1Error.OTHER, "No room for another miner");
            connection.close();
            return;
        }
        var prefix = mining.prefix();
        var sessionId = work.sessionId(mining).text();
        // Who subscribes again may log in again, and would take a mask for the answer to that.
        int mask = isFirst ? login.maskDue() : 0;
        connection.reply(out -> {
            V1Encoder.subscribeResult(
                    out,
                    line,
                    subscribe.idOffset(),
                    subscribe.idLength(),
                    sessionId,
                    prefix,
                    ExtranonceSpace.ROLLABLE_BYTES);
            if (mask != 0) {
                V1Encoder.setVersionMask(out, mask);
            }
        });
        // Some firmware subscribes again after an answer it did not like, and has forgotten what
        // came with it. Work must not overtake this answer.
        connection.sendWorkBehindReplies();
    }

    private void servedTo(Firmware firmware) {
        login.servedTo(firmware);
        work.servedTo(firmware);
    }

    /// The miner has said what it is when it was asked, which counts like what it said when it subscribed, for what
    /// is still to come.
    private void servedAs(String agent) {
        var firmware = connection.loop().firmware.of(agent);
        if (!firmware.equals(Firmware.UNKNOWN) && !firmware.equals(work.firmware())) {
            servedTo(firmware);
            work.servedBy(settings.channel().servedTo(firmware));
        }
    }

    /// A channel with a prefix of its own, or null where none is left.
    private @Nullable MiningChannel begin(String agent, ChannelSettings terms) {
        var prefix = connection.loop().extranonces.take();
        if (prefix.isEmpty()) {
            return null;
        }
        var mining = newChannel(prefix.get(), terms);
        work.begin(mining, agent);
        return mining;
    }

    /// The channel the miner had before its connection broke, or another where that is not to be had: it is
    /// unknown, in use, given up, of another miner, or of a port with other terms.
    private @Nullable MiningChannel comeBack(SessionId id, String agent, ChannelSettings terms) {
        var parked = connection.loop().parked.claim(id, agent, settings.channel());
        if (parked.isEmpty()) {
            return begin(agent, terms);
        }
        var mining = parked.get().channel();
        if (mining == null) {
            mining = newChannel(id.prefix(), terms);
            var _ = mining.goOnAt(parked.get().difficultyUnits());
        } else {
            // The book may say another thing of its firmware by now.
            var _ = mining.servedBy(terms);
        }
        work.goOn(mining, id, agent);
        return mining;
    }

    private MiningChannel newChannel(byte[] prefix, ChannelSettings terms) {
        return new MiningChannel(id, prefix, connection.loop().shares, terms);
    }

    private void configured(BigDecimal difficulty) {
        work.configured(
                difficulty.signum() == 0
                        ? settings.channel().minimumUnits()
                        : Difficulty.units(difficulty));
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
        if (suggestions.allows(connection.loop().nanoClock.getAsLong())) {
            work.suggested(units);
        }
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
}
