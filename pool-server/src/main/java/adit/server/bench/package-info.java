/// How fast the pool is on this machine: `./adit bench stratum`.
///
/// [StratumBench] runs one [BenchRow] after another: it starts a [BenchPool] (the real pool, in a process of its
/// own) against a [NodeDouble], and loads it with a swarm of miners from this process. [Cores] keeps the two
/// apart, [Yardsticks] says what machine the figures belong to. Start at [StratumBench].
@NullMarked
package adit.server.bench;

import org.jspecify.annotations.NullMarked;
