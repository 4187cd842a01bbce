/// One process of the pool follows another without closing a port: sockets, sessions and the right to begin
/// epochs pass over, then the old process lets its miners go, and they come back to the new.
///
/// [FollowCommand] is the old pool's side, [Following] the new one's; both speak over the control socket, and
/// [DescriptorSocket] passes the listening sockets. Each conversation has a virtual thread of its own. Nothing
/// here knows what the parts of a pool do at a step: [Followed] says that. Start at [FollowCommand].
@NullMarked
package adit.server.takeover;

import org.jspecify.annotations.NullMarked;
