package adit.node.embedded;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import adit.pow.Hash;

/// The tree of known blocks, its active branch, and the coins at the end of it.
///
/// The active branch is the valid one with the most work; of two with as much, the one known earlier. Every change goes
/// to the store before it is made here, and [#replay] makes the same changes from the store.
///
/// **Owner:** the chain thread.
final class Chain {
    /// Seam: told of each block that joins or leaves the active branch, in order.
    interface Observer {
        void connected(Block block);

        void disconnected(Block block);
    }

    private final EmbeddedChainSettings settings;
    private final BlockRules rules;
    private final Observer observer;
    private final Map<Hash, ChainEntry> entries = new HashMap<>();
    private final List<ChainEntry> inOrder = new ArrayList<>();
    private final List<ChainEntry> active = new ArrayList<>();
    private final CoinSet coins;
    private final BlockStore store;

    Chain(EmbeddedChainSettings settings, Observer observer, BlockStore store, CoinSet coins) {
        this.settings = settings;
        this.observer = observer;
        this.store = store;
        this.coins = coins;
        rules = new BlockRules(settings);
        var genesis = ChainEntry.genesis(Genesis.BLOCK);
        add(genesis);
        active.add(genesis);
    }

    ChainEntry tip() {
        return active.getLast();
    }

    int knownBlocks() {
        return inOrder.size();
    }

    CoinSet coins() {
        return coins;
    }

    BlockRules rules() {
        return rules;
    }

    Optional<ChainEntry> find(Hash hash) {
        return Optional.ofNullable(entries.get(hash));
    }

    Optional<ChainEntry> at(int height) {
        return height >= 0 && height < active.size()
                ? Optional.of(active.get(height))
                : Optional.empty();
    }

    boolean isActive(ChainEntry entry) {
        return entry.height() < active.size() && active.get(entry.height()) == entry;
    }

    /// How deep a block is buried, 1 for the tip, or -1 if it is not in the active branch.
    int confirmations(ChainEntry entry) {
        return isActive(entry) ? tip().height() - entry.height() + 1 : -1;
    }

    Block block(ChainEntry entry) {
        if (entry.isGenesis()) {
            return Genesis.BLOCK;
        }
        return Block.parse(store.read(entry.place().offset(), entry.place().bytes()));
    }

    /// Takes a block, or says why not, in the words of BIP 22. Nothing means that it is now in the active branch.
    Optional<String> submit(Block offered, long nowSeconds) {
        var block =
                entries.containsKey(offered.header().previousHash())
                        ? offered.completed()
                        : offered;
        var refusal = rules.check(block, true);
        if (refusal.isPresent()) {
            return refusal.map(Refusal::reason);
        }
        var known = find(block.hash());
        if (known.isPresent()) {
            return Optional.of(known.get().isFailed() ? "duplicate-invalid" : "duplicate");
        }
        var parent = entries.get(block.header().previousHash());
        if (parent == null) {
            return Optional.of("prev-blk-not-found");
        }
        if (parent.isFailed()) {
            return Optional.of("bad-prevblk");
        }
        refusal = rules.checkHeader(block.header(), parent, BlockRules.latestSeconds(nowSeconds));
        if (refusal.isPresent()) {
            return refusal.map(Refusal::reason);
        }
        refusal = rules.checkInContext(block, parent);
        if (refusal.isPresent()) {
            if (!refusal.get().isMutation()) {
                var failed = parent.child(block, inOrder.size(), ChainEntry.Place.NOWHERE);
                failed.markFailed(true);
                add(failed);
            }
            return refusal.map(Refusal::reason);
        }
        long offset = store.append(RecordType.BLOCK, block.bytes());
        return accept(block, parent, offset);
    }

    /// What [#submit] would say to a block on the tip, whatever its nonce.
    Optional<String> judge(Block block, long nowSeconds) {
        var known = find(block.hash());
        if (known.isPresent()) {
            var entry = known.get();
            return Optional.of(
                    entry.isFailed()
                            ? "duplicate-invalid"
                            : entry.wasEverConnected() ? "duplicate" : "duplicate-inconclusive");
        }
        if (!block.header().previousHash().equals(tip().hash())) {
            return Optional.of("inconclusive-not-best-prevblk");
        }
        long latestSeconds = BlockRules.latestSeconds(nowSeconds);
        var refusal =
                rules.check(block, false)
                        .or(() -> rules.checkHeader(block.header(), tip(), latestSeconds))
                        .or(() -> rules.checkInContext(block, tip()));
        if (refusal.isPresent()) {
            return refusal.map(Refusal::reason);
        }
        int height = tip().height() + 1;
        return switch (coins.connect(block, height, settings.parameters().subsidySats(height))) {
            case CoinSet.Connection.Connected(var spent, _) -> {
                coins.disconnect(block, spent);
                yield Optional.empty();
            }
            case CoinSet.Connection.Refused(String reason) -> Optional.of(reason);
        };
    }

    /// Declares a block invalid, and with it all that descend from it.
    void invalidate(ChainEntry entry) {
        store.append(RecordType.INVALIDATED, entry.hash().bytes());
        markInvalid(entry);
    }

    /// Takes back what was said against a block, its ancestors and its descendants.
    void reconsider(ChainEntry entry) {
        store.append(RecordType.RECONSIDERED, entry.hash().bytes());
        markReconsidered(entry);
    }

    /// Makes a change again that the store remembers.
    void replay(RecordType type, long offset, byte[] payload) {
        switch (type) {
            case BLOCK -> replayBlock(Block.parse(payload), offset);
            case INVALIDATED -> markInvalid(known(Hash.of(payload)));
            case RECONSIDERED -> markReconsidered(known(Hash.of(payload)));
            case FINGERPRINT, ADDRESS, TRANSACTION ->
                    throw new IllegalArgumentException(type + " is no change of the chain");
        }
    }

    private void replayBlock(Block block, long offset) {
        var parent = known(block.header().previousHash());
        accept(block, parent, offset);
    }

    private Optional<String> accept(Block block, ChainEntry parent, long offset) {
        var place = new ChainEntry.Place(offset, block.bytes().length);
        var entry = parent.child(block, inOrder.size(), place);
        add(entry);
        if (entry.isFailed() || !entry.beats(tip())) {
            return Optional.of("inconclusive");
        }
        if (parent == tip()) {
            return connect(entry, block);
        }
        var refused = activate(entry);
        return refused.isPresent() || isActive(entry) ? refused : Optional.of("inconclusive");
    }

    private ChainEntry known(Hash hash) {
        var entry = entries.get(hash);
        if (entry == null) {
            throw new ChainUnavailable("the store speaks of the unknown block " + hash);
        }
        return entry;
    }

    private void add(ChainEntry entry) {
        entries.put(entry.hash(), entry);
        inOrder.add(entry);
    }

    private void markInvalid(ChainEntry entry) {
        entry.markFailed(true);
        failDescendants();
        if (tip().isFailed()) {
            disconnectTo(entry.parent());
        }
        activate(best());
    }

    private void markReconsidered(ChainEntry entry) {
        for (var ancestor = entry; !ancestor.isGenesis(); ancestor = ancestor.parent()) {
            clear(ancestor);
        }
        var descendants = new HashSet<>(Set.of(entry));
        for (var candidate : inOrder) {
            if (!candidate.isGenesis() && descendants.contains(candidate.parent())) {
                descendants.add(candidate);
                clear(candidate);
            }
        }
        activate(best());
    }

    // A block that was refused at once was not kept, so there is nothing to reconsider.
    private static void clear(ChainEntry entry) {
        if (!entry.place().equals(ChainEntry.Place.NOWHERE)) {
            entry.markFailed(false);
        }
    }

    // Parents come before children, so one pass reaches them all.
    private void failDescendants() {
        for (var candidate : inOrder) {
            if (!candidate.isGenesis() && candidate.parent().isFailed()) {
                candidate.markFailed(true);
            }
        }
    }

    private ChainEntry best() {
        var best = tip();
        for (var entry : inOrder) {
            if (!entry.isFailed() && entry.beats(best)) {
                best = entry;
            }
        }
        return best;
    }

    /// Moves to the wanted end of the active branch, or if it turns out invalid to the best that is not.
    ///
    /// The result is why the wanted block itself is refused.
    private Optional<String> activate(ChainEntry wanted) {
        Optional<String> word = Optional.empty();
        var end = wanted;
        while (end != tip()) {
            var branch = new ArrayList<ChainEntry>();
            var fork = end;
            while (!isActive(fork)) {
                branch.add(fork);
                fork = fork.parent();
            }
            disconnectTo(fork);
            for (var entry : branch.reversed()) {
                var refused = connect(entry, block(entry));
                if (refused.isPresent()) {
                    word = entry == wanted ? refused : word;
                    break;
                }
            }
            end = tip() == end ? end : best();
        }
        return word;
    }

    private Optional<String> connect(ChainEntry entry, Block block) {
        long subsidySats = settings.parameters().subsidySats(entry.height());
        return switch (coins.connect(block, entry.height(), subsidySats)) {
            case CoinSet.Connection.Connected(var spent, _) -> {
                entry.connected(spent);
                active.add(entry);
                observer.connected(block);
                yield Optional.empty();
            }
            case CoinSet.Connection.Refused(String reason) -> {
                entry.markFailed(true);
                failDescendants();
                yield Optional.of(reason);
            }
        };
    }

    private void disconnectTo(ChainEntry fork) {
        while (tip() != fork) {
            var entry = active.removeLast();
            var block = block(entry);
            coins.disconnect(block, entry.disconnected());
            observer.disconnected(block);
        }
    }
}
