package adit.server.settle;

import java.util.Map;
import java.util.TreeMap;

/// The balances that should be there, from what the model says was earned.
final class ModelBooks {
    private final Map<String, Long> balances = new TreeMap<>();

    ModelBooks pending(ShareModel.Split split) {
        add("A:IMMATURE", split.heldMsat());
        add("I:POOL_FEE_IMMATURE", split.feeMsat());
        split.credits().forEach((account, msat) -> add("L:MINER_IMMATURE:" + account, msat));
        split.direct().values().forEach(msat -> add("A:IN_COINBASE", msat));
        return untouchedByMaturity(split);
    }

    ModelBooks released(ShareModel.Split split) {
        add("A:WALLET", split.heldMsat());
        add("I:POOL_FEE", split.feeMsat());
        split.credits().forEach((account, msat) -> add("L:MINER_AVAILABLE:" + account, msat));
        split.direct().forEach((account, msat) -> add("L:MINER_AVAILABLE:" + account, -msat));
        return untouchedByMaturity(split);
    }

    ModelBooks lost(ShareModel.Split split) {
        released(split);
        add("A:WALLET", -split.heldMsat());
        add("X:ORPHAN_LOSS", split.heldMsat());
        return this;
    }

    ModelBooks shares(Map<String, long[]> creditAndFee) {
        creditAndFee.forEach((account, msat) -> {
            add("X:SHARE_COST", msat[0] + msat[1]);
            add("L:MINER_AVAILABLE:" + account, msat[0]);
            add("I:POOL_FEE", msat[1]);
        });
        return this;
    }

    Map<String, Long> balances() {
        return balances;
    }

    private ModelBooks untouchedByMaturity(ShareModel.Split split) {
        add("I:BLOCK_REWARD", split.operatorMsat());
        add("L:UNATTRIBUTED", split.unattributedMsat());
        return this;
    }

    private void add(String account, long msat) {
        balances.merge(account, msat, Long::sum);
        balances.values().removeIf(sum -> sum == 0);
    }
}
