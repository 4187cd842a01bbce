/// The running pool and its command line.
///
/// [Adit] is the main class, [PoolServer] the composition root: the only place where the parts are made and
/// joined. The packages below it may only import those left of them, in the order that
/// `docs/internals/architecture.md` draws. Start at [PoolServer].
@NullMarked
package adit.server;

import org.jspecify.annotations.NullMarked;
