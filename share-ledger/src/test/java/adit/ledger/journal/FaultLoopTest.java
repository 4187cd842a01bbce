package adit.ledger.journal;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/// Fails I/O call 1, then call 2, and so on until the scenario no longer meets the fault; after each,
/// starts again and looks for everything that was acknowledged.
class FaultLoopTest {
    private static final int SEGMENT_BYTES = 4096;
    private static final int GROUPS = 30;
    private static final int CALLS_AT_LEAST = 150;

    @ParameterizedTest
    @EnumSource(FaultyStorage.Fault.class)
    void losesNothingAcknowledgedWhicheverCallFails(FaultyStorage.Fault fault) throws Exception {
        int call = 0;
        boolean met = true;
        while (met) {
            call++;
            var random = new Random(call);
            var storage = new FaultyStorage().failing(fault, call);
            var acknowledged = run(storage);
            met = storage.calls() >= call;

            checkAfter("kill", call, storage.afterKill(), acknowledged, random);
            checkAfter("power cut", call, storage.afterPowerCut(random), acknowledged, random);
        }
        assertThat(call).isGreaterThan(CALLS_AT_LEAST);
    }

    /// The nonces acknowledged, in order; stops at the first refusal, as nothing can follow it.
    private static List<Integer> run(FaultyStorage storage) throws Exception {
        var acknowledged = new ArrayList<Integer>();
        try (var journal = Journals.open(storage, SEGMENT_BYTES)) {
            int nonce = 0;
            for (int i = 0; i < GROUPS; i++) {
                int count = 1 + i * 7 % 20;
                var outcomes = new Outcomes();
                journal.append(Samples.shares(journal, "miner" + i % 5, nonce, count, i), outcomes);
                if (outcomes.next().isDurable()) {
                    for (int share = 0; share < count; share++) {
                        acknowledged.add(nonce + share);
                    }
                } else {
                    assertThat(journal.isWritable()).isFalse();
                }
                nonce += count;
            }
        } catch (JournalUnavailable e) {
            // The fault met the opening: nothing was acknowledged.
            assertThat(acknowledged).isEmpty();
        }
        return acknowledged;
    }

    private static void checkAfter(
            String what, int call, FaultyStorage disk, List<Integer> acknowledged, Random random)
            throws Exception {
        var recovered = afterAnotherCrash(disk, random);
        try (var journal = Journals.open(recovered, SEGMENT_BYTES);
                var reader = journal.reader()) {
            Journals.append(journal, Samples.shares(journal, "later", 1_000_000, 2, 1));
            var found = Journals.nonces(Journals.readAll(reader));

            assertThat(new HashSet<>(found))
                    .as("%s at call %d: each once", what, call)
                    .hasSameSizeAs(found);
            assertThat(found).as("%s at call %d", what, call).isSorted();
            assertThat(found).as("%s at call %d", what, call).containsAll(acknowledged);
            assertThat(found).endsWith(1_000_000, 1_000_001);
        }
        var report = new JournalTool(recovered).verify(ShareRehash.NONE);
        assertThat(report.damage()).as("%s at call %d", what, call).isEmpty();
        assertThat(report.notes()).as("%s at call %d", what, call).isEmpty();
    }

    /// Recovery itself is interrupted once, anywhere.
    private static FaultyStorage afterAnotherCrash(FaultyStorage disk, Random random) {
        disk.failing(FaultyStorage.Fault.CRASH, 1 + random.nextInt(20));
        try {
            Journals.open(disk, SEGMENT_BYTES).close();
        } catch (JournalUnavailable e) {
            assertThat(e.reason()).isEqualTo(JournalUnavailable.Reason.IO_ERROR);
        }
        return disk.afterPowerCut(random);
    }
}
