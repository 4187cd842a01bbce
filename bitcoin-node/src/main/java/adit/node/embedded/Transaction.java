package adit.node.embedded;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import adit.pow.Hash;

/// A transaction as it travels, with its two ids.
///
/// **Spec:** BIP 144 serialisation, BIP 141 ids and weight.
final class Transaction {
    /// An output it spends, and what unlocks that output.
    record Input(OutPoint previous, byte[] script, int sequence, List<byte[]> witness) {
        boolean isFinal() {
            return sequence == FINAL_SEQUENCE;
        }
    }

    record Output(long sats, byte[] script) {}

    static final int WITNESS_SCALE = 4;
    private static final int FINAL_SEQUENCE = 0xffffffff;
    private static final int LEAST_INPUT_BYTES = 41;
    private static final int LEAST_OUTPUT_BYTES = 9;
    private static final int WITNESS_FLAG = 1;

    private final int version;
    private final List<Input> inputs;
    private final List<Output> outputs;
    private final int lockTime;
    private final byte[] bytes;
    private final int strippedBytes;
    private final Hash txid;
    private final Hash wtxid;

    private Transaction(
            int version, List<Input> inputs, List<Output> outputs, int lockTime, byte[] bytes) {
        this.version = version;
        this.inputs = inputs;
        this.outputs = outputs;
        this.lockTime = lockTime;
        this.bytes = bytes;
        wtxid = Hash.ofContent(bytes);
        if (hasWitness()) {
            var stripped = serialise(false);
            strippedBytes = stripped.length;
            txid = Hash.ofContent(stripped);
        } else {
            strippedBytes = bytes.length;
            txid = wtxid;
        }
    }

    /// Reads exactly one transaction.
    ///
    /// @throws UndecodableBytes if it is anything else
    static Transaction parse(byte[] bytes) {
        var reader = new WireReader(bytes);
        var transaction = read(reader);
        if (!reader.isAtEnd()) {
            throw new UndecodableBytes("bytes follow the transaction");
        }
        return transaction;
    }

    static Transaction read(WireReader reader) {
        int start = reader.position();
        int version = reader.int32();
        int afterVersion = reader.position();
        boolean marked = reader.uint8() == 0;
        if (marked) {
            marked = reader.uint8() == WITNESS_FLAG;
        }
        if (!marked) {
            reader.rewind(afterVersion);
        }
        var inputs = readInputs(reader);
        var outputs = readOutputs(reader);
        if (marked) {
            readWitnesses(reader, inputs);
            if (inputs.stream().allMatch(input -> input.witness().isEmpty())) {
                throw new UndecodableBytes("a witness is announced but none follows");
            }
        }
        int lockTime = reader.int32();
        return new Transaction(
                version, List.copyOf(inputs), outputs, lockTime, reader.since(start));
    }

    /// The same transaction with this witness on its first input.
    Transaction withFirstWitness(byte[] item) {
        var changed = new ArrayList<>(inputs);
        var first = inputs.getFirst();
        changed.set(
                0, new Input(first.previous(), first.script(), first.sequence(), List.of(item)));
        var writer = new WireWriter();
        write(writer, changed, true);
        return new Transaction(version, List.copyOf(changed), outputs, lockTime, writer.toBytes());
    }

    List<Input> inputs() {
        return inputs;
    }

    List<Output> outputs() {
        return outputs;
    }

    int version() {
        return version;
    }

    int lockTime() {
        return lockTime;
    }

    byte[] bytes() {
        return bytes;
    }

    int strippedBytes() {
        return strippedBytes;
    }

    Hash txid() {
        return txid;
    }

    Hash wtxid() {
        return wtxid;
    }

    boolean isCoinbase() {
        return inputs.size() == 1 && inputs.getFirst().previous().isNull();
    }

    boolean hasWitness() {
        return inputs.stream().anyMatch(input -> !input.witness().isEmpty());
    }

    long weight() {
        return (WITNESS_SCALE - 1L) * strippedBytes + bytes.length;
    }

    long virtualBytes() {
        return (weight() + WITNESS_SCALE - 1) / WITNESS_SCALE;
    }

    OutPoint outPoint(int index) {
        return new OutPoint(txid, index);
    }

    @Override
    public String toString() {
        return txid.displayHex();
    }

    private byte[] serialise(boolean withWitness) {
        var writer = new WireWriter();
        write(writer, inputs, withWitness);
        return writer.toBytes();
    }

    private void write(WireWriter writer, List<Input> from, boolean withWitness) {
        writer.int32(version);
        if (withWitness) {
            writer.uint8(0).uint8(WITNESS_FLAG);
        }
        writer.compactSize(from.size());
        for (var input : from) {
            writer.hash(input.previous().txid())
                    .int32(input.previous().index())
                    .counted(input.script())
                    .int32(input.sequence());
        }
        writer.compactSize(outputs.size());
        for (var output : outputs) {
            writer.int64(output.sats()).counted(output.script());
        }
        if (withWitness) {
            for (var input : from) {
                writer.compactSize(input.witness().size());
                input.witness().forEach(writer::counted);
            }
        }
        writer.int32(lockTime);
    }

    private static List<Input> readInputs(WireReader reader) {
        int count = reader.count(LEAST_INPUT_BYTES);
        var inputs = new ArrayList<Input>(count);
        for (int i = 0; i < count; i++) {
            var previous = new OutPoint(reader.hash(), reader.int32());
            inputs.add(new Input(previous, reader.takeCounted(), reader.int32(), List.of()));
        }
        return inputs;
    }

    private static List<Output> readOutputs(WireReader reader) {
        int count = reader.count(LEAST_OUTPUT_BYTES);
        var outputs = new Output[count];
        for (int i = 0; i < count; i++) {
            outputs[i] = new Output(reader.int64(), reader.takeCounted());
        }
        return List.copyOf(Arrays.asList(outputs));
    }

    private static void readWitnesses(WireReader reader, List<Input> inputs) {
        for (int i = 0; i < inputs.size(); i++) {
            int items = reader.count(1);
            var witness = new ArrayList<byte[]>(items);
            for (int item = 0; item < items; item++) {
                witness.add(reader.takeCounted());
            }
            var input = inputs.get(i);
            inputs.set(
                    i,
                    new Input(
                            input.previous(),
                            input.script(),
                            input.sequence(),
                            List.copyOf(witness)));
        }
    }
}
