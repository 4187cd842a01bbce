/// Where connections come from: which sources have delivered work, which are let in, which are kept out
/// for a while, and how much load the pool can take.
///
/// [Sources] decides at the accept and may be asked from any thread; [Visit] is one connection's place in it
/// and belongs to that connection's event loop; [LoadLadder] is watched by the `jobs` thread. Imports
/// `config`, `metrics` and `keep` only. Start at [Sources].
@NullMarked
package adit.server.source;

import org.jspecify.annotations.NullMarked;
