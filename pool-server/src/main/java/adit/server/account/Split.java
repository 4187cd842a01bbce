package adit.server.account;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/// A division of work that the operator has defined, by its name: `~NAME` for fixed payees alone, or
/// `ADDRESS~NAME` where a part stays with whoever mines.
///
/// @param minersParts 0 where the payees are all there are
public record Split(String name, List<Payees.Payee> payees, int minersParts) {

    public Split {
        payees = List.copyOf(payees);
    }

    /// Everybody who is credited, the miner last.
    ///
    /// @param miner null in a name that begins with `~`
    Payees payees(@Nullable Account miner) {
        Check.that((miner != null) == (minersParts > 0), "a miner where it has a part");
        var all = new ArrayList<>(payees);
        if (miner != null) {
            all.add(new Payees.Payee(miner, minersParts));
        }
        return Payees.of(all);
    }
}
