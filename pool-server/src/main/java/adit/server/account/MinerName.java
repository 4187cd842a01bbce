package adit.server.account;

import java.math.BigDecimal;

import org.jspecify.annotations.Nullable;

/// A username taken apart: whom to credit, and which rig it was.
///
/// @param miner what stands before the worker: an account, a split, or an account and a split
public record MinerName(
        String miner, Payees payees, String worker, @Nullable BigDecimal wishedDifficulty) {

    /// Either a name, or the reason it was refused in words for the person at the machine.
    public sealed interface Parsed {
        record Valid(MinerName name) implements Parsed {}

        record Refused(String reason) implements Parsed {}
    }

    /// The name in full, one for all its spellings.
    public String text() {
        return worker.isEmpty() ? miner : miner + "." + worker;
    }

    /// What the books call the rig. Work that was divided bears the split's name there, by which one sees
    /// that and how it was.
    public String bookedWorker() {
        int split = miner.indexOf('~');
        return split < 0 ? worker : text().substring(split);
    }
}
