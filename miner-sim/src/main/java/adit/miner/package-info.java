/// Miners of our own, honest and dishonest, that connect to a pool and really hash.
///
/// A [V1Miner] keeps one connection alive; each connection is a [V1Session], which belongs to an event loop
/// the caller provides. Hashing is done by one platform thread a miner, `miner-grinder`, which owns the
/// [Grinder]; the two exchange immutable [Work] and [Submission]s only. [ScriptedV1Client] is a client that does
/// nothing by itself, for tests that say line by line what a miner sends; it belongs to the thread that uses it.
///
/// This package may import `adit.pow`, `adit.stratum`, Netty and SLF4J. Start at [V1Miner], then [V1Session],
/// [Grinder].
package adit.miner;
