/// Found blocks: to disk and to every node at once, and then followed until they are mature or orphaned.
///
/// [BlockDesk] delivers; [BlockFollower] asks the nodes where our blocks stand. Both live on virtual
/// threads. Imports `adit.node`, `adit.ledger.postgres`, `channel` and `metrics`. Start at [BlockDesk].
@NullMarked
package adit.server.block;

import org.jspecify.annotations.NullMarked;
