package adit.server.channel;

import java.util.concurrent.CompletableFuture;

/// A block whose fate a test decides.
public final class TakenBlock implements FoundBlocks.Taken {

    private final CompletableFuture<Void> safe;
    private volatile boolean recorded;

    TakenBlock(CompletableFuture<Void> safe) {
        this.safe = safe;
    }

    public static TakenBlock atOnce() {
        return new TakenBlock(CompletableFuture.completedFuture(null));
    }

    @Override
    public CompletableFuture<Void> safe() {
        return safe;
    }

    @Override
    public void recorded() {
        recorded = true;
    }

    boolean isRecorded() {
        return recorded;
    }
}
