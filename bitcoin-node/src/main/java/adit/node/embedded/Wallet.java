package adit.node.embedded;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

import org.bitcoinj.base.AddressParser;
import org.bitcoinj.base.BitcoinNetwork;
import org.bitcoinj.base.SegwitAddress;
import org.bitcoinj.base.exceptions.AddressFormatException;
import org.bitcoinj.crypto.ECKey;
import org.bitcoinj.script.ScriptBuilder;

import adit.node.embedded.OwnCoins.OwnCoin;

/// The chain's own purse: P2WPKH keys made from one seed, the coins they lock, and payments from them.
///
/// Its coins are those of the active branch and the mempool, so a reorganisation needs nothing here.
///
/// **Owner:** the chain thread.
final class Wallet {
    /// What a payment came to.
    sealed interface Payment {
        record Made(Transaction transaction) implements Payment {}

        record InsufficientFunds(long availableSats) implements Payment {}

        record Refused(String reason) implements Payment {}
    }

    static final int SEED_BYTES = 32;
    private static final BitcoinNetwork NETWORK = BitcoinNetwork.REGTEST;
    private static final int MAX_INPUTS = 500;
    private static final int MAX_UNCONFIRMED_INPUTS = 4;
    private static final long DUST_SATS = 546;
    private static final long EMPTY_PAYMENT_VIRTUAL_BYTES = 11;
    private static final long INPUT_VIRTUAL_BYTES = 69;
    private static final long OUTPUT_VIRTUAL_BYTES = 43;

    private final byte[] seed;
    private final OwnCoins ownCoins;
    private final Chain chain;
    private final Mempool mempool;
    private final Map<Integer, ECKey> keys = new HashMap<>();

    Wallet(byte[] seed, OwnCoins ownCoins, Chain chain, Mempool mempool) {
        this.seed = seed;
        this.ownCoins = ownCoins;
        this.chain = chain;
        this.mempool = mempool;
    }

    /// The output script of an address of this network, if it is one.
    static Optional<byte[]> scriptOf(String address) {
        try {
            var parsed = AddressParser.getDefault(NETWORK).parseAddress(address);
            return Optional.of(ScriptBuilder.createOutputScript(parsed).program());
        } catch (AddressFormatException | IllegalStateException _) {
            return Optional.empty();
        }
    }

    /// The script of an address never given before; the caller stores it and passes it to [#remember].
    byte[] nextScript() {
        return ScriptBuilder.createP2WPKHOutputScript(key(addresses())).program();
    }

    void remember(byte[] script) {
        ownCoins.remember(script);
    }

    int addresses() {
        return ownCoins.scripts().size();
    }

    byte[] scriptAt(int index) {
        return ownCoins.scripts().get(index);
    }

    String address(int index) {
        return SegwitAddress.fromHash(NETWORK, key(index).getPubKeyHash()).toBech32();
    }

    long spendableSats() {
        return confirmedCoins().mapToLong(own -> own.coin().sats()).sum();
    }

    /// Builds and signs a payment, its change going to `changeScript`.
    ///
    /// Unconfirmed change of our own is spent first if `unconfirmedFirst`, else only where nothing else is left.
    Payment pay(
            Transaction.Output payee,
            byte[] changeScript,
            long satsPerVirtualByte,
            boolean unconfirmedFirst) {
        var candidates =
                unconfirmedFirst
                        ? Stream.concat(unconfirmedCoins().stream(), confirmedCoins())
                        : Stream.concat(confirmedCoins(), unconfirmedCoins().stream());
        var taken = new ArrayList<OwnCoin>();
        long inSats = 0;
        for (var candidate : (Iterable<OwnCoin>) candidates::iterator) {
            taken.add(candidate);
            inSats = Math.addExact(inSats, candidate.coin().sats());
            long feeSats = feeSats(taken.size(), satsPerVirtualByte);
            if (inSats >= Math.addExact(payee.sats(), feeSats)) {
                return new Payment.Made(
                        sign(taken, outputs(payee, changeScript, inSats - feeSats)));
            }
            if (taken.size() == MAX_INPUTS) {
                break;
            }
        }
        return new Payment.InsufficientFunds(inSats);
    }

    private static long feeSats(int inputs, long satsPerVirtualByte) {
        long virtualBytes =
                EMPTY_PAYMENT_VIRTUAL_BYTES
                        + inputs * INPUT_VIRTUAL_BYTES
                        + 2 * OUTPUT_VIRTUAL_BYTES;
        return Math.multiplyExact(virtualBytes, satsPerVirtualByte);
    }

    private static List<Transaction.Output> outputs(
            Transaction.Output payee, byte[] changeScript, long spendableSats) {
        long changeSats = spendableSats - payee.sats();
        return changeSats < DUST_SATS
                ? List.of(payee)
                : List.of(payee, new Transaction.Output(changeSats, changeScript));
    }

    private Transaction sign(List<OwnCoin> coins, List<Transaction.Output> outputs) {
        var signing =
                coins.stream()
                        .map(own ->
                                new PaymentSigner.Spending(
                                        own.outPoint(), own.coin().sats(), key(own.keyIndex())))
                        .toList();
        return PaymentSigner.sign(signing, outputs);
    }

    // One block later than the rules ask, as wallets do, so that losing one block does not undo a
    // payment.
    private Stream<OwnCoin> confirmedCoins() {
        int height = chain.tip().height();
        return ownCoins.oldestFirst().stream()
                .filter(own -> own.coin().isMatureAt(height) && !mempool.isSpent(own.outPoint()));
    }

    private List<OwnCoin> unconfirmedCoins() {
        int height = chain.tip().height() + 1;
        var found = new ArrayList<OwnCoin>();
        for (var entry : mempool.entries()) {
            if (!entry.mayHaveChildren()) {
                continue;
            }
            var transaction = entry.transaction();
            for (int i = 0; i < transaction.outputs().size(); i++) {
                var outPoint = transaction.outPoint(i);
                if (!mempool.isSpent(outPoint) && found.size() < MAX_UNCONFIRMED_INPUTS) {
                    var coin = new Coin(transaction.outputs().get(i), height, false);
                    ownCoins.own(outPoint, coin).ifPresent(found::add);
                }
            }
        }
        return found;
    }

    private ECKey key(int index) {
        return keys.computeIfAbsent(
                index,
                i -> {
                    var material = ByteBuffer.allocate(SEED_BYTES + Integer.BYTES);
                    return ECKey.fromPrivate(sha256(material.put(seed).putInt(i).array()));
                });
    }

    private static byte[] sha256(byte[] content) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(content);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
