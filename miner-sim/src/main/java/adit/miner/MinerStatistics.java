package adit.miner;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/// What a miner has done so far, at one moment.
///
/// @param rejectedByCode rejections by the pool's error code
/// @param bestDifficultyUnits of the best hash submitted; 0 before the first
/// @param difficultyUnits what the pool asks of the next job
/// @param connections how often a pool let this miner in
public record MinerStatistics(
        long hashes,
        long accepted,
        SortedMap<Integer, Long> rejectedByCode,
        long bestDifficultyUnits,
        long difficultyUnits,
        int connections) {

    public MinerStatistics {
        rejectedByCode = Collections.unmodifiableSortedMap(new TreeMap<>(rejectedByCode));
    }

    public long rejected() {
        return rejectedByCode.values().stream().mapToLong(Long::longValue).sum();
    }
}
