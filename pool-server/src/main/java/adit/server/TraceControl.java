package adit.server;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;

import adit.server.config.Limits;
import adit.server.control.ControlCommand;
import adit.server.control.Conversation;
import adit.server.metrics.EventLog;
import adit.server.trace.Subject;
import adit.server.trace.WireTraces;

/// `trace`: begins, lists and ends traces of the wire.
///
/// ```text
/// trace worker|connection|address WHAT MINUTES · trace list · trace stop NUMBER
/// ```
/// **Owner:** conversations over the control socket.
final class TraceControl implements ControlCommand {

    private static final String HOW =
            "Say trace worker|connection|address WHAT MINUTES, trace list, or trace stop NUMBER.";

    private final WireTraces traces;
    private final LongSupplier newestConnection;
    private final EventLog events;

    /// @param newestConnection the highest number that a connection was given, 0 before the first
    TraceControl(WireTraces traces, LongSupplier newestConnection, EventLog events) {
        this.traces = traces;
        this.newestConnection = newestConnection;
        this.events = events;
    }

    @Override
    public String run(List<String> words, Conversation conversation) throws Refusal {
        if (words.equals(List.of("list"))) {
            var shown = traces.shown();
            return shown.isEmpty() ? "No trace runs." : String.join("\n", shown);
        }
        if (words.size() == 2 && words.getFirst().equals("stop")) {
            int number = Math.toIntExact(number(words.getLast(), Integer.MAX_VALUE));
            if (!traces.stop(number)) {
                throw new Refusal("No trace of that number runs: see trace list.");
            }
            events.traceStopped(number);
            return "";
        }
        if (words.size() != 3) {
            throw new Refusal(HOW);
        }
        return start(subject(words.get(0), words.get(1)), minutes(words.get(2)));
    }

    private String start(Subject subject, Duration lasts) throws Refusal {
        try {
            var shown = traces.start(subject, lasts);
            if (shown == null) {
                throw new Refusal(
                        "%d traces run already: stop one first.".formatted(Limits.TRACES));
            }
            events.traceBegun(shown);
            return shown;
        } catch (IOException cannot) {
            throw new Refusal("The trace's file cannot be made: " + cannot.getMessage());
        }
    }

    private Subject subject(String kind, String what) throws Refusal {
        return switch (kind) {
            case "worker" -> new Subject.Worker(what);
            case "connection" -> connection(number(what, Long.MAX_VALUE));
            case "address" -> new Subject.Address(address(what));
            default -> throw new Refusal(HOW);
        };
    }

    private Subject connection(long number) throws Refusal {
        long newest = newestConnection.getAsLong();
        if (number > newest) {
            throw new Refusal(
                    "There has been no connection %d: the newest is %d.".formatted(number, newest));
        }
        return new Subject.Connection(number);
    }

    private static Duration minutes(String text) throws Refusal {
        try {
            long minutes = Long.parseLong(text);
            if (minutes > 0 && minutes <= Limits.TRACE_MINUTES) {
                return Duration.ofMinutes(minutes);
            }
        } catch (NumberFormatException noNumber) {
            throw new Refusal("'%s' is no number of minutes.".formatted(text));
        }
        throw new Refusal(
                "A trace runs for 1 to %d minutes, not for %s."
                        .formatted(Limits.TRACE_MINUTES, text));
    }

    /// A name would be looked up, which this must not wait for.
    private static InetAddress address(String text) throws Refusal {
        try {
            return InetAddress.ofLiteral(text);
        } catch (IllegalArgumentException noLiteral) {
            throw new Refusal("'%s' is no IP address.".formatted(text));
        }
    }

    private static long number(String text, long most) throws Refusal {
        try {
            long number = Long.parseLong(text);
            if (number > 0 && number <= most) {
                return number;
            }
        } catch (NumberFormatException noNumber) {
            throw new Refusal("'%s' is no number.".formatted(text));
        }
        throw new Refusal("'%s' must be 1 to %d.".formatted(text, most));
    }
}
