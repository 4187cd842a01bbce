package adit.server;

import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import adit.server.config.Reread;
import adit.server.control.ControlCommand;
import adit.server.control.Conversation;
import adit.server.metrics.EventLog;

/// `reload`: has read again what may change while the pool runs, and refuses where a part of that was refused.
///
/// **Owner:** conversations over the control socket.
final class ReloadControl implements ControlCommand {

    private final Supplier<List<Reread>> reload;
    private final EventLog events;

    ReloadControl(Supplier<List<Reread>> reload, EventLog events) {
        this.reload = reload;
        this.events = events;
    }

    @Override
    public String run(List<String> words, Conversation conversation) throws Refusal {
        var parts = reload.get();
        parts.forEach(part -> events.reloaded(part.line()));
        var lines = parts.stream().map(Reread::line).collect(Collectors.joining("\n"));
        if (parts.stream().anyMatch(Reread::isRefused)) {
            throw new Refusal(lines);
        }
        return lines;
    }
}
