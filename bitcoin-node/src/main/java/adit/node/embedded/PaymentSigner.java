package adit.node.embedded;

import java.util.List;

import org.bitcoinj.base.Sha256Hash;
import org.bitcoinj.crypto.ECKey;

import adit.pow.Hash;

/// Makes a payment from P2WPKH coins whose signatures any node would accept.
///
/// There is no lock time: a payment must stay possible when the chain gets shorter.
///
/// **Spec:** BIP 143; version 2, replaceable by BIP 125.
final class PaymentSigner {
    record Spending(OutPoint outPoint, long sats, ECKey key) {}

    private static final int VERSION = 2;
    private static final int SEQUENCE = 0xfffffffd;
    private static final int SIGHASH_ALL = 1;
    private static final int NO_LOCK_TIME = 0;
    private static final byte[] NO_SCRIPT = {};

    private PaymentSigner() {}

    static Transaction sign(List<Spending> spendings, List<Transaction.Output> outputs) {
        var previous = new WireWriter();
        var sequences = new WireWriter();
        spendings.forEach(spending -> {
            write(previous, spending.outPoint());
            sequences.int32(SEQUENCE);
        });
        var paid = new WireWriter();
        outputs.forEach(output -> paid.int64(output.sats()).counted(output.script()));
        var previousHash = Hash.ofContent(previous.toBytes());
        var sequencesHash = Hash.ofContent(sequences.toBytes());
        var paidHash = Hash.ofContent(paid.toBytes());

        var body = new WireWriter().int32(VERSION).uint8(0).uint8(1).compactSize(spendings.size());
        var witnesses = new WireWriter();
        for (var spending : spendings) {
            write(body, spending.outPoint());
            body.counted(NO_SCRIPT).int32(SEQUENCE);
            var message = new WireWriter().int32(VERSION).hash(previousHash).hash(sequencesHash);
            write(message, spending.outPoint());
            message.counted(keyHashScript(spending.key()))
                    .int64(spending.sats())
                    .int32(SEQUENCE)
                    .hash(paidHash)
                    .int32(NO_LOCK_TIME)
                    .int32(SIGHASH_ALL);
            witnesses
                    .compactSize(2)
                    .counted(signature(spending.key(), Hash.ofContent(message.toBytes())))
                    .counted(spending.key().getPubKey());
        }
        body.compactSize(outputs.size()).raw(paid.toBytes()).raw(witnesses.toBytes());
        return Transaction.parse(body.int32(NO_LOCK_TIME).toBytes());
    }

    private static byte[] signature(ECKey key, Hash message) {
        var der = key.sign(Sha256Hash.wrap(message.bytes())).encodeToDER();
        return new WireWriter().raw(der).uint8(SIGHASH_ALL).toBytes();
    }

    /// The P2PKH script in whose place a P2WPKH program stands.
    private static byte[] keyHashScript(ECKey key) {
        return new WireWriter()
                .uint8(0x76)
                .uint8(0xa9)
                .counted(key.getPubKeyHash())
                .uint8(0x88)
                .uint8(0xac)
                .toBytes();
    }

    private static void write(WireWriter writer, OutPoint outPoint) {
        writer.hash(outPoint.txid()).int32(outPoint.index());
    }
}
