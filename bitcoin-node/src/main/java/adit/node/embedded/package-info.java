/// A small full node in the same process, which the pool reaches over the same JSON-RPC and ZeroMQ as any other.
///
/// One thread, [ChainThread][adit.node.embedded.ChainThread], owns chain, mempool and wallet; HTTP requests wait for
/// it on virtual threads, and the rest of the network hashes on a thread of its own. It may import `adit.pow` and the
/// network's parameters from `adit.node`, nothing else of ours: what judges blocks here shares no code with what
/// assembles them there, hashing and integers apart. Start reading at `EmbeddedChain`, then `FullNode` and `Chain`.
package adit.node.embedded;
