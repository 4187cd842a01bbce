package adit.pow;

/// One payment of a coinbase: a script and what it gets.
///
/// **Invariant:** the script is not changed after construction.
public record CoinbaseOutput(byte[] script, long sats) {
    /// Twenty-one million coins: no output, and no sum of outputs, is larger.
    static final long MAX_SATS = 21_000_000L * 100_000_000L;

    /// A longer script could never be spent.
    static final int MAX_SCRIPT_BYTES = 10_000;

    private static final int VALUE_BYTES = 8;
    private static final int DUST_SATS_PER_BYTE = 3;
    private static final int SPENDING_BYTES = 148;
    private static final int SPENDING_WITNESS_PROGRAM_BYTES = 67;
    private static final int MAX_DIRECT_PUSH = 0x4b;
    private static final int OP_CHECKSIG = 0xac;
    private static final int OP_CHECKMULTISIG = 0xae;
    private static final int MULTISIG_SIGOPS = 20;
    private static final int NON_WITNESS_SCALE = 4;
    private static final int OP_1 = 0x51;
    private static final int OP_16 = 0x60;

    public CoinbaseOutput {
        if (sats < 0 || sats > MAX_SATS) {
            throw new IllegalArgumentException("no such amount: " + sats + " sats");
        }
        if (script.length == 0 || script.length > MAX_SCRIPT_BYTES) {
            throw new IllegalArgumentException("no such script: " + script.length + " bytes");
        }
    }

    /// How long an output of this script is in a transaction.
    public static int bytesOf(byte[] script) {
        return VALUE_BYTES + WireBuffer.compactSizeBytes(script.length) + script.length;
    }

    /// What an output of this script must hold to be worth the fee of spending it, as nodes reckon by default.
    public static long dustSats(byte[] script) {
        int spending = isWitnessProgram(script) ? SPENDING_WITNESS_PROGRAM_BYTES : SPENDING_BYTES;
        return (long) DUST_SATS_PER_BYTE * (bytesOf(script) + spending);
    }

    /// What a node counts for the signature checks in a script: a bare one is one, a bare multisignature twenty,
    /// each at the weight of non-witness data.
    public static int sigopCost(byte[] script) {
        int sigops = 0;
        for (int at = 0; at < script.length; at++) {
            int opcode = script[at] & 0xff;
            if (opcode >= 1 && opcode <= MAX_DIRECT_PUSH) {
                at += opcode;
            } else if (opcode == OP_CHECKSIG || opcode == OP_CHECKSIG + 1) {
                sigops++;
            } else if (opcode == OP_CHECKMULTISIG || opcode == OP_CHECKMULTISIG + 1) {
                sigops += MULTISIG_SIGOPS;
            }
        }
        return NON_WITNESS_SCALE * sigops;
    }

    private static boolean isWitnessProgram(byte[] script) {
        boolean hasVersion = script[0] == 0 || (script[0] >= OP_1 && script[0] <= OP_16);
        return hasVersion
                && script.length >= 4
                && script.length <= 42
                && script[1] == script.length - 2;
    }
}
