/// A whole pool on one machine: `./adit demo`.
///
/// [Demo] starts a PostgreSQL of its own, the embedded chain, the pool and two throttled miners, all with
/// their state below one directory. It joins what the pool's own parts may not know of each other. Start at
/// [Demo].
@NullMarked
package adit.server.demo;

import org.jspecify.annotations.NullMarked;
