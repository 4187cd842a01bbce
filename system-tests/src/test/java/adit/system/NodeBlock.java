package adit.system;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

import adit.node.NodeControl;
import adit.pow.Hash;

/// The coinbase outputs of a block, read back from a node's own copy of it.
record NodeBlock(List<Output> outputs) {

    private static final int HEADER_BYTES = 80;
    private static final int PREVIOUS_OUTPUT_BYTES = 36;
    private static final int SEQUENCE_BYTES = 4;

    /// What one output pays to whom.
    record Output(String scriptHex, long sats) {}

    static NodeBlock of(NodeControl node, Hash hash) {
        var hex = node.call("getblock", hash.displayHex(), 0).asString("");
        var block = ByteBuffer.wrap(HexFormat.of().parseHex(hex)).order(ByteOrder.LITTLE_ENDIAN);
        block.position(HEADER_BYTES);
        compactSize(block);
        return new NodeBlock(coinbaseOutputs(block));
    }

    long totalSats() {
        return outputs.stream().mapToLong(Output::sats).sum();
    }

    private static List<Output> coinbaseOutputs(ByteBuffer block) {
        skip(block, Integer.BYTES);
        boolean hasWitness = block.get(block.position()) == 0;
        skip(block, hasWitness ? 2 : 0);
        compactSize(block);
        skip(block, PREVIOUS_OUTPUT_BYTES);
        skip(block, compactSize(block));
        skip(block, SEQUENCE_BYTES);
        int count = compactSize(block);
        var outputs = new ArrayList<Output>();
        for (int i = 0; i < count; i++) {
            long sats = block.getLong();
            var script = new byte[compactSize(block)];
            block.get(script);
            outputs.add(new Output(HexFormat.of().formatHex(script), sats));
        }
        return outputs;
    }

    private static void skip(ByteBuffer block, int bytes) {
        block.position(block.position() + bytes);
    }

    private static int compactSize(ByteBuffer block) {
        int first = Byte.toUnsignedInt(block.get());
        return switch (first) {
            case 0xfd -> Short.toUnsignedInt(block.getShort());
            case 0xfe -> block.getInt();
            case 0xff -> Math.toIntExact(block.getLong());
            default -> first;
        };
    }
}
