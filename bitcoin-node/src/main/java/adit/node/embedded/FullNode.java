package adit.node.embedded;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

import adit.pow.BlockHeader;
import adit.pow.Coinbase;
import adit.pow.CoinbaseOutput;
import adit.pow.Hash;

/// The chain, its mempool and its wallet as one machine, worked by RPC methods and the other miners.
///
/// Every operation that changes the tip ends by refreshing the mempool, telling the subscriber and waking long polls.
///
/// **Owner:** the chain thread; only the latches go to others.
final class FullNode implements Chain.Observer, AutoCloseable {
    private static final int EXTRANONCE_BYTES = 8;
    private static final long SATS_PER_VIRTUAL_BYTE = 5;

    private final EmbeddedChainSettings settings;
    private final InstantSource clock;
    private final BlockStore store;
    private final Chain chain;
    private final Mempool mempool;
    private final Wallet wallet;
    private final Consumer<Hash> tipSubscriber;
    private CountDownLatch tipChange = new CountDownLatch(1);
    private CountDownLatch anyChange = new CountDownLatch(1);
    private long drafts;

    private FullNode(
            EmbeddedChainSettings settings,
            InstantSource clock,
            BlockStore store,
            byte[] walletSeed,
            Consumer<Hash> tipSubscriber) {
        this.settings = settings;
        this.clock = clock;
        this.store = store;
        this.tipSubscriber = tipSubscriber;
        var ownCoins = new OwnCoins();
        chain = new Chain(settings, this, store, new CoinSet(ownCoins));
        mempool = new Mempool(chain);
        wallet = new Wallet(walletSeed, ownCoins, chain, mempool);
    }

    /// The node as it was when it was last stopped, or a new one.
    static FullNode open(
            Path file,
            EmbeddedChainSettings settings,
            InstantSource clock,
            byte[] walletSeed,
            Consumer<Hash> tipSubscriber) {
        var store = BlockStore.open(file);
        try {
            var node = new FullNode(settings, clock, store, walletSeed, tipSubscriber);
            node.replay();
            return node;
        } catch (RuntimeException e) {
            store.close();
            throw e;
        }
    }

    Chain chain() {
        return chain;
    }

    Mempool mempool() {
        return mempool;
    }

    Wallet wallet() {
        return wallet;
    }

    long storedBytes() {
        return store.bytes();
    }

    /// Opens when the tip is no longer this one.
    CountDownLatch tipChange() {
        return tipChange;
    }

    /// Opens when tip or mempool are no longer these.
    CountDownLatch anyChange() {
        return anyChange;
    }

    Optional<String> submit(Block block) {
        return changing(() -> chain.submit(block, nowSeconds()));
    }

    Optional<String> judge(Block block) {
        return chain.judge(block, nowSeconds());
    }

    void invalidate(ChainEntry entry) {
        changing(() -> {
            chain.invalidate(entry);
            return Optional.empty();
        });
    }

    void reconsider(ChainEntry entry) {
        changing(() -> {
            chain.reconsider(entry);
            return Optional.empty();
        });
    }

    BlockTemplate template() {
        var tip = chain.tip();
        long minTimeSeconds = tip.medianTimePast() + 1;
        return new BlockTemplate(
                tip,
                BlockTemplate.VERSION,
                settings.nBitsAt(tip.height() + 1),
                minTimeSeconds,
                Math.max(minTimeSeconds, nowSeconds()),
                settings.parameters().subsidySats(tip.height() + 1),
                mempool.select(
                        BlockRules.MAX_WEIGHT - BlockTemplate.RESERVED_WEIGHT,
                        BlockRules.MAX_SIGOPS_COST - BlockTemplate.RESERVED_SIGOPS_COST),
                longPollId());
    }

    String longPollId() {
        return chain.tip().hash().displayHex() + mempool.changes();
    }

    /// A whole block on the tip that only lacks its proof of work.
    Block draft(byte[] payeeScript, String tag) {
        var template = template();
        return draft(
                template.parent(),
                template.currentTimeSeconds(),
                new CoinbaseOutput(payeeScript, template.coinbaseValueSats()),
                tag,
                template.plainTransactions());
    }

    /// A block without transactions on any known block.
    Block draftOn(ChainEntry parent, byte[] payeeScript, String tag, long timeSeconds) {
        long subsidySats = settings.parameters().subsidySats(parent.height() + 1);
        return draft(
                parent,
                Math.max(parent.medianTimePast() + 1, timeSeconds),
                new CoinbaseOutput(payeeScript, subsidySats),
                tag,
                List.of());
    }

    String newAddress() {
        var script = wallet.nextScript();
        store.append(RecordType.ADDRESS, script);
        store.force();
        wallet.remember(script);
        return wallet.address(wallet.addresses() - 1);
    }

    /// The script of one of the wallet's addresses, made if there are not yet so many.
    byte[] ownScript(int index) {
        while (wallet.addresses() <= index) {
            newAddress();
        }
        return wallet.scriptAt(index);
    }

    /// Pays from the wallet; a payment made is in the mempool and on disk.
    Wallet.Payment send(byte[] payeeScript, long sats) {
        var changeScript = Wallet.scriptOf(newAddress()).orElseThrow();
        return send(
                new Transaction.Output(sats, payeeScript),
                changeScript,
                SATS_PER_VIRTUAL_BYTE,
                false);
    }

    Wallet.Payment send(
            Transaction.Output payee,
            byte[] changeScript,
            long satsPerVirtualByte,
            boolean unconfirmedFirst) {
        var payment = wallet.pay(payee, changeScript, satsPerVirtualByte, unconfirmedFirst);
        if (payment instanceof Wallet.Payment.Made(var transaction)) {
            var refused = mempool.accept(transaction);
            if (refused.isPresent()) {
                return new Wallet.Payment.Refused(refused.get());
            }
            store.append(RecordType.TRANSACTION, transaction.bytes());
            store.force();
            wakeOnAnyChange();
        }
        return payment;
    }

    long nowSeconds() {
        return clock.instant().getEpochSecond();
    }

    @Override
    public void connected(Block block) {
        mempool.confirmed(withoutCoinbase(block));
    }

    @Override
    public void disconnected(Block block) {
        mempool.layAside(withoutCoinbase(block));
    }

    @Override
    public void close() {
        tipChange.countDown();
        anyChange.countDown();
        store.close();
    }

    private interface Change {
        Optional<String> make();
    }

    private Optional<String> changing(Change change) {
        var before = chain.tip();
        var word = change.make();
        store.force();
        if (chain.tip() != before) {
            mempool.refresh();
            tipSubscriber.accept(chain.tip().hash());
            tipChange.countDown();
            tipChange = new CountDownLatch(1);
            wakeOnAnyChange();
        }
        return word;
    }

    private static List<Transaction> withoutCoinbase(Block block) {
        return block.transactions().subList(1, block.transactions().size());
    }

    private void wakeOnAnyChange() {
        anyChange.countDown();
        anyChange = new CountDownLatch(1);
    }

    private Block draft(
            ChainEntry parent,
            long timeSeconds,
            CoinbaseOutput payee,
            String tag,
            List<Transaction> transactions) {
        long uniqueness = ((long) chain.knownBlocks() << Integer.SIZE) | drafts++;
        var coinbase =
                Coinbase.of(
                        parent.height() + 1,
                        uniqueness,
                        EXTRANONCE_BYTES,
                        tag.getBytes(StandardCharsets.UTF_8),
                        List.of(payee),
                        WitnessCommitment.over(transactions, Hash.ZERO.bytes()));
        var all = new ArrayList<Transaction>(1 + transactions.size());
        all.add(Transaction.parse(coinbase.withWitness(new byte[EXTRANONCE_BYTES])));
        all.addAll(transactions);
        var root = MerkleTree.of(all.stream().map(Transaction::txid).toList()).root();
        var header =
                new BlockHeader(
                        BlockTemplate.VERSION,
                        parent.hash(),
                        root,
                        (int) timeSeconds,
                        settings.nBitsAt(parent.height() + 1),
                        0);
        return Block.of(header, all);
    }

    private void replay() {
        store.replay((type, offset, payload) -> {
            switch (type) {
                case BLOCK, INVALIDATED, RECONSIDERED -> chain.replay(type, offset, payload);
                case FINGERPRINT -> checkFingerprint(payload);
                case ADDRESS -> wallet.remember(payload);
                case TRANSACTION -> mempool.remember(Transaction.parse(payload));
            }
        });
        mempool.refresh();
        if (store.bytes() == 0) {
            store.append(
                    RecordType.FINGERPRINT,
                    settings.fingerprint().getBytes(StandardCharsets.UTF_8));
            store.force();
        }
    }

    private void checkFingerprint(byte[] payload) {
        var stored = new String(payload, StandardCharsets.UTF_8);
        if (!stored.equals(settings.fingerprint())) {
            throw new ChainUnavailable(
                    "the chain on disk has other rules (%s, not %s): restore them or remove it"
                            .formatted(stored, settings.fingerprint()));
        }
    }
}
