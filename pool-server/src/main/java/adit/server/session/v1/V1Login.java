package adit.server.session.v1;

import java.nio.charset.StandardCharsets;
import java.util.List;

import org.jspecify.annotations.Nullable;

import adit.server.account.MinerName;
import adit.server.account.PasswordOptions;
import adit.server.channel.DividedCredit;
import adit.server.firmware.Firmware;
import adit.server.job.Finder;
import adit.stratum.v1.Submit;
import adit.stratum.v1.V1Encoder;
import adit.stratum.v1.V1Error;
import adit.stratum.v1.V1Request;

/// The names one connection logs in with, and what waits for the first success: the version mask, and the
/// question what the miner is.
///
/// **Owner:** the session. **Limits:** names on a connection.
final class V1Login {

    /// Any but 0, for which cgminer does not answer.
    private static final int VERSION_ID = 1;

    private final V1Connection connection;
    private final V1Settings settings;
    private final V1Work work;
    private final Workers workers = new Workers();
    private int maskToTell;
    private boolean maskTold;
    private boolean versionAsked;
    private boolean versionKnown;

    V1Login(V1Connection connection, V1Settings settings, V1Work work) {
        this.connection = connection;
        this.settings = settings;
        this.work = work;
    }

    boolean isDone() {
        return !workers.isEmpty();
    }

    /// The miner rolls versions within this mask, and is told so once more when it is set up.
    void grantMask(int mask) {
        maskToTell = mask;
    }

    /// What is to be told behind the answer at hand, once: that of the login, or of a subscribe that comes after it.
    /// Some firmware hangs up on a mask that comes before either. 0 where nothing is.
    int maskDue() {
        if (maskTold || work.channel() == null || workers.isEmpty()) {
            return 0;
        }
        maskTold = maskToTell != 0;
        return maskToTell;
    }

    /// The firmware is another one than the work was served to so far; what its owners see may be, too.
    void servedTo(Firmware firmware) {
        if (!firmware.equals(work.firmware())) {
            end();
            workers.forEach(worker -> show(worker, firmware));
        }
    }

    void end() {
        workers.forEach(worker ->
                connection
                        .loop()
                        .firmware
                        .hide(worker.fullName(), work.firmware(), settings.paysFinder()));
    }

    private void show(Worker worker, Firmware firmware) {
        connection.loop().firmware.show(worker.fullName(), firmware, settings.paysFinder());
    }

    /// What the workers are called, and the accounts they belong to.
    List<String> names() {
        return workers.names();
    }

    @Nullable Worker workerOf(Submit submit) {
        return workers.find(
                submit.userBytes(), submit.userOffset(), submit.userLength(), settings.usernames());
    }

    void authorize(V1Request.Authorize authorize, byte[] line) {
        switch (settings.usernames().parse(authorize.user())) {
            case MinerName.Parsed.Refused(var reason) -> refuse(authorize, line, reason);
            case MinerName.Parsed.Valid(var name) -> accept(authorize, line, name);
        }
    }

    /// Whether this answers our question what the miner is, for the first time.
    boolean isVersion(V1Request.Reply reply, byte[] line) {
        boolean isAnswer =
                versionAsked
                        && !versionKnown
                        && reply.idLength() == 1
                        && line[reply.idOffset()] == '0' + VERSION_ID;
        versionKnown |= isAnswer;
        return isAnswer;
    }

    private void accept(V1Request.Authorize authorize, byte[] line, MinerName name) {
        if (workers.size() >= settings.mostWorkers() && !workers.has(name.text())) {
            fail(authorize, line, "Too many workers on one connection");
            return;
        }
        byte @Nullable [] script = null;
        if (settings.paysFinder()) {
            var address = name.payees().account(0).address();
            if (address == null || name.payees().count() > 1) {
                refuse(
                        authorize,
                        line,
                        "This port pays in the coinbase, to one address: use ADDRESS.WORKER");
                return;
            }
            script = address.script();
        }
        var worker = worker(authorize.user(), name);
        if (worker == null) {
            fail(authorize, line, "No room for another name today");
            return;
        }
        var first = work.finder();
        if (first != null && first.accountRef() != worker.accountRef()) {
            refuse(
                    authorize,
                    line,
                    "The coinbase of this connection pays the address that logged in first: use another"
                            + " connection for another address");
            return;
        }
        connection.loggedIn();
        workers.add(worker);
        if (!connection.loop().traces.isIdle()) {
            connection.traceAgain();
        }
        int mask = maskDue();
        boolean askVersion = work.firmware().answersVersion() && !versionAsked;
        versionAsked |= askVersion;
        // In one piece with the answer: some firmware takes any line before it for it.
        connection.reply(out -> {
            V1Encoder.resultTrue(out, line, authorize.idOffset(), authorize.idLength());
            if (mask != 0) {
                V1Encoder.setVersionMask(out, mask);
            }
            if (askVersion) {
                V1Encoder.getVersion(out, VERSION_ID);
            }
        });
        show(worker, work.firmware());
        work.wishBy(worker, name.wishedDifficulty(), PasswordOptions.parse(authorize.password()));
        work.knownAs(worker);
        if (script != null && first == null) {
            work.payTo(new Finder(worker.accountRef(), script));
        }
    }

    /// Null where the journal has no more references to give.
    private @Nullable Worker worker(String user, MinerName name) {
        var payees = name.payees();
        var references = connection.loop().references;
        var accounts = new int[payees.count()];
        var workers = new int[payees.count()];
        for (int i = 0; i < accounts.length; i++) {
            accounts[i] = references.accountRef(payees.account(i).name());
            workers[i] =
                    accounts[i] < 0
                            ? -1
                            : references.workerRef(
                                    accounts[i],
                                    name.bookedWorker(),
                                    settings.scheme(),
                                    settings.feeBps());
            if (workers[i] < 0) {
                return null;
            }
        }
        return new Worker(
                user.getBytes(StandardCharsets.UTF_8),
                name.text(),
                accounts[0],
                workers[0],
                accounts.length == 1 ? null : new DividedCredit(payees, accounts, workers));
    }

    /// Says why, and says it again to who looks at the miner's screen and not at its log.
    private void refuse(V1Request.Authorize authorize, byte[] line, String reason) {
        boolean isShown = work.firmware().showsMessages();
        connection.reply(out -> {
            V1Encoder.refused(
                    out,
                    line,
                    authorize.idOffset(),
                    authorize.idLength(),
                    V1Error.UNAUTHORIZED,
                    reason);
            if (isShown) {
                V1Encoder.showMessage(out, reason);
            }
        });
        connection.loginFailed(authorize.user(), reason);
    }

    private void fail(V1Request.Authorize authorize, byte[] line, String text) {
        connection.reply(out ->
                V1Encoder.error(
                        out,
                        line,
                        authorize.idOffset(),
                        authorize.idLength(),
                        V1Error.OTHER,
                        text));
    }
}
