/// Stratum V1: one connection, one session, one channel.
///
/// [V1Session] reads lines and translates; [V1Loop] is what the sessions of one event loop share. All of
/// it runs on that loop. Imports `adit.stratum`, `channel`, `job`, `account`. Start at [V1Session].
@NullMarked
package adit.server.session.v1;

import org.jspecify.annotations.NullMarked;
