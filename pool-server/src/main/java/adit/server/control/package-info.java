/// Commands to a running pool, over a Unix-domain socket in its data directory.
///
/// [ControlSocket] is the pool's end and knows no command; the composition root gives it one [ControlCommand] a
/// word. [ControlClient] is the other end. Every conversation has a virtual thread of its own. Nothing here knows
/// what the commands do. Start at [ControlSocket].
@NullMarked
package adit.server.control;

import org.jspecify.annotations.NullMarked;
