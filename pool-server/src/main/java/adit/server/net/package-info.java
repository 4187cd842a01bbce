/// Sockets: the event loops, the listening ports, and the door of each connection.
///
/// [StratumListener] opens one port; [Door] looks at the first bytes of each connection, makes its session and
/// is gone; [EventLoops] chooses the native transport where there is one. Nothing here reads more of a
/// protocol than tells it apart. Start at [StratumListener].
@NullMarked
package adit.server.net;

import org.jspecify.annotations.NullMarked;
