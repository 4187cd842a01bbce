package adit.node.embedded;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;

/// The scripts the wallet has keys for, and the confirmed coins they lock, oldest first.
///
/// It follows the coin set change by change, so a payment need not look through every coin there is.
///
/// **Owner:** the chain thread.
final class OwnCoins implements CoinSet.Watcher {
    /// A coin of ours and the number of the key that unlocks it.
    record OwnCoin(OutPoint outPoint, Coin coin, int keyIndex) {}

    private static final Comparator<OwnCoin> OLDEST_FIRST =
            Comparator.comparingInt((OwnCoin own) -> own.coin().height())
                    .thenComparing(own -> ByteBuffer.wrap(own.outPoint().txid().bytes()))
                    .thenComparingInt(own -> own.outPoint().index());

    private final Map<ByteBuffer, Integer> keyIndexes = new HashMap<>();
    private final List<byte[]> scripts = new ArrayList<>();
    private final NavigableSet<OwnCoin> coins = new TreeSet<>(OLDEST_FIRST);

    /// Adds the script of the next key. No coin can be locked by it yet.
    void remember(byte[] script) {
        keyIndexes.put(ByteBuffer.wrap(script), scripts.size());
        scripts.add(script);
    }

    List<byte[]> scripts() {
        return scripts;
    }

    NavigableSet<OwnCoin> oldestFirst() {
        return coins;
    }

    Optional<OwnCoin> own(OutPoint outPoint, Coin coin) {
        var index = keyIndexes.get(ByteBuffer.wrap(coin.output().script()));
        return index == null ? Optional.empty() : Optional.of(new OwnCoin(outPoint, coin, index));
    }

    @Override
    public void added(OutPoint outPoint, Coin coin) {
        own(outPoint, coin).ifPresent(coins::add);
    }

    @Override
    public void removed(OutPoint outPoint, Coin coin) {
        own(outPoint, coin).ifPresent(coins::remove);
    }
}
