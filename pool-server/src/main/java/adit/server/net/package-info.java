/// Sockets: the event loops and the listening ports.
///
/// [StratumListener] opens one port and gives each connection its session; [EventLoops] chooses the native
/// transport where there is one. Nothing here reads a protocol. Start at [StratumListener].
@NullMarked
package adit.server.net;

import org.jspecify.annotations.NullMarked;
