/// A crowd of V1 connections on one thread: a load generator for pools whose operator wants to know what
/// they bear.
///
/// [Swarm] is the crowd and its one loop over a selector, [SwarmMiner] one connection of it, [SubmitLine] the
/// line each sends again and again with other digits, [Scan] the little it reads of what a pool says. Nothing is
/// hashed, so the pool must bind so easy a difficulty that every hash is a share. [ConnectFlood] and [SlowPeers] are
/// people a pool has to bear too. Everything belongs to the thread that calls it. Imports the JDK alone. Start at [Swarm].
@NullMarked
package adit.miner.swarm;

import org.jspecify.annotations.NullMarked;
