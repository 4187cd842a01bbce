package adit.server.block;

import java.util.HashMap;
import java.util.Map;

import adit.node.Confirmations;
import adit.pow.Hash;

/// A chain in which blocks stand where a test has put them; of others no node knows.
public final class FakeChain implements BlockFollower.ChainView {
    private final Map<Hash, Confirmations> blocks = new HashMap<>();
    private boolean isReachable = true;
    private Runnable afterNextAnswer = () -> {};

    public void put(Hash block, Confirmations confirmations) {
        blocks.put(block, confirmations);
    }

    public void forget(Hash block) {
        blocks.remove(block);
    }

    public void reachable(boolean reachable) {
        isReachable = reachable;
    }

    /// Something that happens while a pass asks one block after the other.
    public void afterNextAnswer(Runnable event) {
        afterNextAnswer = event;
    }

    @Override
    public Confirmations confirmations(Hash block) {
        if (!isReachable) {
            return new Confirmations.NodesUnavailable();
        }
        var answer = blocks.getOrDefault(block, new Confirmations.Unknown());
        var event = afterNextAnswer;
        afterNextAnswer = () -> {};
        event.run();
        return answer;
    }
}
