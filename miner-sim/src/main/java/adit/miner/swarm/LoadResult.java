package adit.miner.swarm;

/// What came of a load.
///
/// @param lost connections that ended meanwhile
/// @param latencies from the sending of a share to the reading of its answer
/// @param firstRefusal the first answer that was no acceptance, shortened; empty where all were
public record LoadResult(
        long accepted,
        long refused,
        long lost,
        long nanos,
        Latencies latencies,
        String firstRefusal) {

    public double acceptedPerSecond() {
        return accepted * 1e9 / nanos;
    }
}
