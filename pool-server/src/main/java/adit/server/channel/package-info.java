/// The one share path, free of any protocol.
///
/// [MiningChannel] is one stream of work: it judges each submission, sees blocks, and appends accepted
/// shares to the group its [ShareLoop] hands to the journal. Everything here is owned by one event loop
/// and uses no lock. Imports `adit.pow`, `adit.ledger.journal`, `job` and `metrics`; never a session, a
/// codec, SQL or a file. Start at [MiningChannel].
@NullMarked
package adit.server.channel;

import org.jspecify.annotations.NullMarked;
