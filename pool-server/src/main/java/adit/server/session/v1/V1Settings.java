package adit.server.session.v1;

import adit.server.account.Usernames;
import adit.server.channel.ChannelSettings;

/// What a listener fixes for its sessions.
///
/// @param scheme how work brought here is paid, as written in the journal
/// @param mostWorkers how many names one connection may log in with
/// @param paysFinder whether coinbases of work brought here pay its finder, which needs a name before any work
/// @param idleNanos how long a miner may stay silent
public record V1Settings(
        ChannelSettings channel,
        Usernames usernames,
        String scheme,
        int feeBps,
        int mostWorkers,
        boolean paysFinder,
        long idleNanos) {}
