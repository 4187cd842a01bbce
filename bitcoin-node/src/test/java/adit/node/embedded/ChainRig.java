package adit.node.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import adit.pow.Hash;

/// A node on the test's own thread, without servers, and ways to look into it.
final class ChainRig implements AutoCloseable {
    static final byte[] SEED = new byte[Wallet.SEED_BYTES];

    final TestClock clock;
    final FullNode node;
    final List<Hash> announced = new ArrayList<>();

    ChainRig(Path file, EmbeddedChainSettings settings, TestClock clock) {
        this.clock = clock;
        node = FullNode.open(file, settings, clock, SEED, announced::add);
    }

    ChainRig(Path file) {
        this(file, EmbeddedChainSettings.regtest(), new TestClock());
    }

    /// A chain of 102 blocks, so that its wallet has two coins to spend.
    static ChainRig aged(Path directory) {
        var file = directory.resolve("chain.dat");
        AgedChain.copyTo(file);
        return new ChainRig(file);
    }

    /// The store as a crash would leave it now.
    static Path copy(Path file) {
        var copy = file.resolveSibling(file.getFileName() + "-copy");
        try {
            return Files.copy(file, copy);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Chain chain() {
        return node.chain();
    }

    byte[] payee() {
        return node.ownScript(0);
    }

    /// A valid block on the tip, to be changed.
    TestBlock next() {
        return TestBlock.of(node.draft(payee(), "test"));
    }

    /// A valid block without transactions on any block.
    TestBlock on(ChainEntry parent) {
        return TestBlock.of(node.draftOn(parent, payee(), "test", node.nowSeconds()));
    }

    Optional<String> submit(TestBlock block) {
        return node.submit(block.mined());
    }

    ChainEntry mine() {
        var block = next().mined();
        var word = node.submit(block);
        if (word.isPresent()) {
            throw new AssertionError("a valid block is refused: " + word.get());
        }
        return entry(block);
    }

    void mine(int count) {
        for (int i = 0; i < count; i++) {
            mine();
        }
    }

    ChainEntry entry(Block block) {
        return chain().find(block.hash()).orElseThrow();
    }

    /// Pays to the wallet itself and returns the payment.
    Transaction pay(long sats) {
        var payment = node.send(new Transaction.Output(sats, payee()), payee(), 2, false);
        if (payment instanceof Wallet.Payment.Made(var transaction)) {
            return transaction;
        }
        throw new AssertionError("cannot pay " + sats + ": " + payment);
    }

    Map<String, String> coins() {
        var shown = new TreeMap<String, String>();
        chain().coins().forEach((outPoint, coin) -> shown.put(show(outPoint), show(coin)));
        return shown;
    }

    /// The coins of the active branch, counted again from its blocks alone.
    Map<String, String> recountedCoins() {
        var counted = new HashMap<String, String>();
        for (int height = 1; height <= chain().tip().height(); height++) {
            var block = chain().block(chain().at(height).orElseThrow());
            for (var transaction : block.transactions()) {
                transaction.inputs().forEach(input -> counted.remove(show(input.previous())));
                for (int i = 0; i < transaction.outputs().size(); i++) {
                    var output = transaction.outputs().get(i);
                    if (output.script().length == 0 || output.script()[0] != 0x6a) {
                        var coin = new Coin(output, height, transaction.isCoinbase());
                        counted.put(show(transaction.outPoint(i)), show(coin));
                    }
                }
            }
        }
        return new TreeMap<>(counted);
    }

    List<String> waiting() {
        return node.mempool().entries().stream()
                .map(entry -> entry.transaction().txid().displayHex())
                .sorted()
                .toList();
    }

    @Override
    public void close() {
        node.close();
    }

    private static String show(OutPoint outPoint) {
        return outPoint.txid() + ":" + outPoint.index();
    }

    private static String show(Coin coin) {
        return "%d sats to %s at %d %s"
                .formatted(
                        coin.sats(),
                        HexFormat.of().formatHex(coin.output().script()),
                        coin.height(),
                        coin.isCoinbase() ? "coinbase" : "");
    }
}
