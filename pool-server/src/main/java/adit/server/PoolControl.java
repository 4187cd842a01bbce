package adit.server;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

import org.jspecify.annotations.Nullable;

import adit.ledger.journal.JournalUnavailable;
import adit.ledger.journal.ShareJournal;
import adit.server.admin.AdminPortUnavailable;
import adit.server.admin.AdminServer;
import adit.server.control.ControlCommand;
import adit.server.control.ControlCommand.Refusal;
import adit.server.control.ControlSocket;
import adit.server.control.ControlUnavailable;
import adit.server.control.Conversation;
import adit.server.metrics.EventLog;
import adit.server.takeover.FollowCommand;
import adit.server.takeover.Followed;
import adit.server.takeover.HandedOver;

/// What the operator, and a process that follows, may ask of the running pool.
///
/// **Owner:** conversations over the control socket, each on its own virtual thread.
final class PoolControl implements Followed, AutoCloseable {

    private final StratumSide stratum;
    private final ShareJournal journal;
    private final AdminServer admin;
    private final EventLog events;
    private final Runnable drained;
    private final ControlSocket socket;
    private final AtomicBoolean isLeaving = new AtomicBoolean();
    private volatile boolean closed;

    /// @param drained called when the last miner has been let go: the process is to end
    PoolControl(
            Path dataDirectory,
            StratumSide stratum,
            ShareJournal journal,
            AdminServer admin,
            EventLog events,
            Runnable drained) {
        this.stratum = stratum;
        this.journal = journal;
        this.admin = admin;
        this.events = events;
        this.drained = drained;
        Map<String, ControlCommand> commands =
                Map.of(
                        "bans",
                        new BansControl(stratum.sources(), InstantSource.system()),
                        "drain",
                        this::drain,
                        "reload",
                        new ReloadControl(stratum::reload, events),
                        "trace",
                        new TraceControl(stratum.traces(), stratum::newestConnection, events),
                        "take-over",
                        new FollowCommand(this, events));
        socket = new ControlSocket(dataDirectory, commands, events::bug);
    }

    /// @throws adit.server.control.ControlUnavailable with one line for the operator
    void open() {
        socket.open();
    }

    @Override
    public void leaveDirectory() throws Refusal {
        if (!journal.isWritable()) {
            throw new Refusal(
                    "The journal of this pool has failed: stop it, then start the new one.");
        }
        if (!isLeaving.compareAndSet(false, true)) {
            throw new Refusal("This pool drains already: start the new one when it has ended.");
        }
        journal.leaveDirectory();
    }

    @Override
    public HandedOver stopAccepting() {
        return stratum.handOver();
    }

    @Override
    public void retire() {
        admin.stopListening();
        socket.stopListening();
    }

    @Override
    public void drain(Duration over) {
        stratum.drain(over.compareTo(Drain.LONGEST) > 0 ? Drain.LONGEST : over, true, drained);
    }

    @Override
    public void goOn(String why) {
        if (closed) {
            // The conversation ended because this pool does.
            return;
        }
        boolean wasDraining = stratum.isDraining();
        if (!wasDraining) {
            stratum.goOn();
        }
        var hindrance = takeDirectoryBack();
        if (closed) {
            if (hindrance == null) {
                journal.leaveDirectory();
            }
            return;
        }
        if (wasDraining) {
            if (hindrance != null && hindrance.reason() == JournalUnavailable.Reason.LOCKED) {
                // Yet another process serves: whom this one lets go goes there.
                events.drainsOn(why);
                return;
            }
            stratum.goOn();
        }
        isLeaving.set(false);
        if (hindrance == null) {
            openAgain(socket::open);
            openAgain(admin::listen);
        } else {
            events.directoryTaken(String.valueOf(hindrance.getMessage()));
        }
        // As late as this, because whoever reads it may send the next process.
        events.followerGone(why);
        if (hindrance == null) {
            stratum.takeUpBlocks();
        }
    }

    /// Why it cannot be had; null where it is ours again.
    private @Nullable JournalUnavailable takeDirectoryBack() {
        try {
            StillHeld.open(journal::takeDirectoryBack, () -> closed);
            return null;
        } catch (JournalUnavailable cannot) {
            return cannot;
        }
    }

    private void openAgain(Runnable open) {
        try {
            StillHeld.open(open, () -> closed);
        } catch (ControlUnavailable | AdminPortUnavailable stillHeld) {
            events.notOpenedAgain(String.valueOf(stillHeld.getMessage()));
        }
    }

    @Override
    public void close() {
        closed = true;
        socket.close();
    }

    private String drain(List<String> arguments, Conversation conversation) throws Refusal {
        var over = over(arguments);
        if (!isLeaving.compareAndSet(false, true)) {
            throw new Refusal("This pool drains already.");
        }
        stratum.drain(over, false, drained);
        return "The ports are closed; miners are let go over %d s, then the pool stops."
                .formatted(over.toSeconds());
    }

    private static Duration over(List<String> arguments) throws Refusal {
        try {
            var over =
                    arguments.isEmpty()
                            ? Drain.STANDARD
                            : Duration.ofSeconds(Long.parseLong(arguments.getFirst()));
            if (!over.isNegative() && over.compareTo(Drain.LONGEST) <= 0 && arguments.size() < 2) {
                return over;
            }
        } catch (NumberFormatException noNumber) {
            throw new Refusal("'%s' is no number of seconds.".formatted(arguments.getFirst()));
        }
        throw new Refusal("Draining takes 0 to %d s.".formatted(Drain.LONGEST.toSeconds()));
    }
}
