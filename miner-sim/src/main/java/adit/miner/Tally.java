package adit.miner;

import java.util.TreeMap;

import adit.pow.Difficulty;
import adit.pow.Target;

/// The counters of one miner over all its connections.
///
/// **Owner:** the miner's event loop; anyone may take a [#snapshot(long)]. **Limits:** a pool that shows more than
/// [#MAX_CODES] error codes has the rest counted as [#OTHER_CODE].
final class Tally {
    static final int MAX_CODES = 32;
    static final int OTHER_CODE = 20;

    private final TreeMap<Integer, Long> rejectedByCode = new TreeMap<>();
    private long accepted;
    private long bestDifficultyUnits;
    private long difficultyUnits = Difficulty.ONE;
    private int connections;
    private volatile MinerStatistics published = withoutHashes();

    void connected() {
        connections++;
        publish();
    }

    void difficulty(long units) {
        difficultyUnits = units;
        publish();
    }

    void submitted(Submission submission) {
        long units = Difficulty.unitsOfTarget(Target.read(submission.hash().bytes(), 0));
        if (units > bestDifficultyUnits) {
            bestDifficultyUnits = units;
            publish();
        }
    }

    void accepted() {
        accepted++;
        publish();
    }

    void rejected(int code) {
        boolean hasPlace = rejectedByCode.size() < MAX_CODES || rejectedByCode.containsKey(code);
        rejectedByCode.merge(hasPlace ? code : OTHER_CODE, 1L, Long::sum);
        publish();
    }

    MinerStatistics snapshot(long hashes) {
        var now = published;
        return new MinerStatistics(
                hashes,
                now.accepted(),
                now.rejectedByCode(),
                now.bestDifficultyUnits(),
                now.difficultyUnits(),
                now.connections());
    }

    private void publish() {
        published = withoutHashes();
    }

    private MinerStatistics withoutHashes() {
        return new MinerStatistics(
                0, accepted, rejectedByCode, bestDifficultyUnits, difficultyUnits, connections);
    }
}
