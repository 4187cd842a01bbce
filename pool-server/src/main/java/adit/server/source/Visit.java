package adit.server.source;

import java.net.InetAddress;

import org.jspecify.annotations.Nullable;

/// One connection's place among the [Sources], from the accept to its end.
///
/// **Owner:** its event loop; the pool may close it from another.
public final class Visit {

    private final Sources sources;
    private final long number;
    private final Runnable close;
    private @Nullable SourceAddress source;
    private boolean gone;

    /// @param source absent where only the pool's own limit applies: an exempt address, or a proxy's
    ///     connection before it has said for whom it comes
    Visit(Sources sources, long number, @Nullable SourceAddress source, Runnable close) {
        this.sources = sources;
        this.number = number;
        this.source = source;
        this.close = close;
    }

    /// A proxy has said whose connection this is.
    ///
    /// @return whether that source may come in; where not, the caller closes
    public boolean comesFrom(InetAddress client) {
        var from = sources.limited(client);
        if (from == null || gone) {
            return true;
        }
        if (!sources.enters(from)) {
            return false;
        }
        source = from;
        sources.awaitsLogin(this);
        return true;
    }

    /// The miner has logged in: it no longer waits at the expense of others.
    public void loggedIn() {
        sources.awaitsNothing(this);
    }

    /// A login has failed.
    ///
    /// @param client who is at the other end
    /// @param reason in our own words
    public void loginRefused(InetAddress client, String name, String reason) {
        sources.loginRefused(client, name, reason);
    }

    /// The connection has delivered accepted work, in difficulty units.
    ///
    /// @return whether its source has credit now, or needs none
    public boolean delivered(long units) {
        return gone || source == null || sources.delivered(source, units);
    }

    /// The pool closes the connection; for an offence its source is kept out, unless it has credit.
    public void closedFor(CloseReason reason) {
        sources.closed(gone ? null : source, reason);
    }

    /// Gives the place back; once, however the connection ended.
    public void leave() {
        if (!gone) {
            gone = true;
            sources.awaitsNothing(this);
            sources.leaves(source);
        }
    }

    long number() {
        return number;
    }

    @Nullable SourceAddress source() {
        return source;
    }

    void close() {
        close.run();
    }
}
