/// Stratum V1: lines of JSON to records and back, as plain functions over a byte range.
///
/// A pool reads with [V1Decoder] and writes with [V1Encoder]; a miner writes with [V1MinerEncoder] and
/// reads with [V1ServerDecoder]. Nothing here starts a thread or knows a channel: each event loop has its own
/// decoder, encoders are static functions. Imports Netty's buffer, Jackson's streaming parser and nothing of
/// ours. Framing (what is a line, how long it may be before authorize) and all state belong to the session.
/// Start reading at [V1Request].
package adit.stratum.v1;
