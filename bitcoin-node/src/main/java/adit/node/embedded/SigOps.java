package adit.node.embedded;

import java.util.List;

/// The signature operations a transaction is charged for.
///
/// Counted are the bare ones and those of version 0 witness programs. Those inside a P2SH redeem script are not:
/// the wallet of this chain has no such coins.
///
/// **Spec:** BIP 141, sigops.
final class SigOps {
    private static final int OP_PUSHDATA1 = 0x4c;
    private static final int OP_PUSHDATA4 = 0x4e;
    private static final int OP_1 = 0x51;
    private static final int OP_16 = 0x60;
    private static final int OP_CHECKSIG = 0xac;
    private static final int OP_CHECKSIGVERIFY = 0xad;
    private static final int OP_CHECKMULTISIG = 0xae;
    private static final int OP_CHECKMULTISIGVERIFY = 0xaf;
    private static final int MAX_MULTISIG_KEYS = 20;

    private SigOps() {}

    /// The cost of what stands openly in inputs and outputs.
    static long bareCost(Transaction transaction) {
        long count = 0;
        for (var input : transaction.inputs()) {
            count += count(input.script(), false);
        }
        for (var output : transaction.outputs()) {
            count += count(output.script(), false);
        }
        return count * Transaction.WITNESS_SCALE;
    }

    /// The further cost of spending an output with this script by this witness.
    static long witnessCost(byte[] spentScript, List<byte[]> witness) {
        if (spentScript.length < 2 || spentScript[0] != 0) {
            return 0;
        }
        boolean paysToKeyHash = spentScript.length == 22 && spentScript[1] == 20;
        boolean paysToScriptHash = spentScript.length == 34 && spentScript[1] == 32;
        if (paysToScriptHash && !witness.isEmpty()) {
            return count(witness.getLast(), true);
        }
        return paysToKeyHash ? 1 : 0;
    }

    private static int count(byte[] script, boolean exactKeys) {
        int sum = 0;
        int previous = 0;
        int position = 0;
        while (position < script.length) {
            int opcode = script[position++] & 0xff;
            if (opcode <= OP_PUSHDATA4) {
                int lengthBytes = opcode < OP_PUSHDATA1 ? 0 : 1 << (opcode - OP_PUSHDATA1);
                long length = opcode;
                if (lengthBytes > 0) {
                    if (script.length - position < lengthBytes) {
                        return sum;
                    }
                    length = littleEndian(script, position, lengthBytes);
                    position += lengthBytes;
                }
                if (length > script.length - position) {
                    return sum;
                }
                position += (int) length;
            } else if (opcode == OP_CHECKSIG || opcode == OP_CHECKSIGVERIFY) {
                sum++;
            } else if (opcode == OP_CHECKMULTISIG || opcode == OP_CHECKMULTISIGVERIFY) {
                boolean told = exactKeys && previous >= OP_1 && previous <= OP_16;
                sum += told ? previous - OP_1 + 1 : MAX_MULTISIG_KEYS;
            }
            previous = opcode;
        }
        return sum;
    }

    private static long littleEndian(byte[] bytes, int offset, int length) {
        long value = 0;
        for (int i = length - 1; i >= 0; i--) {
            value = (value << 8) | (bytes[offset + i] & 0xff);
        }
        return value;
    }
}
