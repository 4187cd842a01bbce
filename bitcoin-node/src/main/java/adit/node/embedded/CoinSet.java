package adit.node.embedded;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/// Every coin that can be spent after the active chain's last block.
///
/// **Owner:** the chain thread. **Invariant:** disconnecting a block leaves exactly what was before it was connected.
final class CoinSet {
    /// What connecting a block came to.
    sealed interface Connection {
        record Connected(List<Spent> spent, long feesSats) implements Connection {}

        record Refused(String reason) implements Connection {}
    }

    /// A coin a block took away, kept to give it back.
    record Spent(OutPoint outPoint, Coin coin) {}

    /// Seam: follows every coin that comes and goes.
    interface Watcher {
        void added(OutPoint outPoint, Coin coin);

        void removed(OutPoint outPoint, Coin coin);
    }

    private static final int OP_RETURN = 0x6a;

    private final Map<OutPoint, Coin> coins = new HashMap<>();
    private final Watcher watcher;

    CoinSet(Watcher watcher) {
        this.watcher = watcher;
    }

    Optional<Coin> find(OutPoint outPoint) {
        return Optional.ofNullable(coins.get(outPoint));
    }

    void forEach(BiConsumer<OutPoint, Coin> action) {
        coins.forEach(action);
    }

    /// Spends and makes what the block says, or changes nothing and says why.
    ///
    /// No coin can be made twice: heights in coinbases (BIP 34) hold from the first block on.
    Connection connect(Block block, int height, long subsidySats) {
        var spent = new ArrayList<Spent>();
        var connection = connect(block, height, subsidySats, spent);
        if (connection instanceof Connection.Refused) {
            disconnect(block, spent);
        }
        return connection;
    }

    /// Takes back a connected block.
    void disconnect(Block block, List<Spent> spent) {
        spent.forEach(gone -> put(gone.outPoint(), gone.coin()));
        for (var transaction : block.transactions()) {
            for (int i = 0; i < transaction.outputs().size(); i++) {
                take(transaction.outPoint(i));
            }
        }
    }

    private Connection connect(Block block, int height, long subsidySats, List<Spent> spent) {
        long feesSats = 0;
        long sigops = 0;
        for (var transaction : block.transactions()) {
            sigops += SigOps.bareCost(transaction);
            if (!transaction.isCoinbase()) {
                int first = spent.size();
                for (var input : transaction.inputs()) {
                    var coin = take(input.previous());
                    if (coin.isEmpty()) {
                        return new Connection.Refused("bad-txns-inputs-missingorspent");
                    }
                    spent.add(new Spent(input.previous(), coin.get()));
                    sigops += SigOps.witnessCost(coin.get().output().script(), input.witness());
                }
                var taken = spent.subList(first, spent.size()).stream().map(Spent::coin).toList();
                switch (InputAmounts.of(transaction, taken, height)) {
                    case InputAmounts.Refused(String reason) -> {
                        return new Connection.Refused(reason);
                    }
                    case InputAmounts.Sufficient(long feeSats) -> feesSats += feeSats;
                }
                if (feesSats > BlockRules.MAX_MONEY_SATS) {
                    return new Connection.Refused("bad-txns-accumulated-fee-outofrange");
                }
            }
            if (sigops > BlockRules.MAX_SIGOPS_COST) {
                return new Connection.Refused("bad-blk-sigops");
            }
            add(transaction, height);
        }
        long paidSats =
                block.coinbase().outputs().stream().mapToLong(Transaction.Output::sats).sum();
        return paidSats > subsidySats + feesSats
                ? new Connection.Refused("bad-cb-amount")
                : new Connection.Connected(List.copyOf(spent), feesSats);
    }

    private void add(Transaction transaction, int height) {
        boolean isCoinbase = transaction.isCoinbase();
        for (int i = 0; i < transaction.outputs().size(); i++) {
            var output = transaction.outputs().get(i);
            if (output.script().length == 0 || (output.script()[0] & 0xff) != OP_RETURN) {
                put(transaction.outPoint(i), new Coin(output, height, isCoinbase));
            }
        }
    }

    private void put(OutPoint outPoint, Coin coin) {
        coins.put(outPoint, coin);
        watcher.added(outPoint, coin);
    }

    private Optional<Coin> take(OutPoint outPoint) {
        var coin = Optional.ofNullable(coins.remove(outPoint));
        coin.ifPresent(gone -> watcher.removed(outPoint, gone));
        return coin;
    }
}
