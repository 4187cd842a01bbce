package adit.server.firmware;

/// How large a coinbase a kind of firmware takes, and how long a `mining.notify` line.
///
/// **Spec:** the sizes are those that DATUM Gateway found out (`datum_stratum.c`, `datum_coinbaser.c`), the smallest
/// one NerdMiner's; where a line of 16 KiB allows less than they do, that decides.
public enum CoinbaseClass {
    TINY_SOC(255, CoinbaseClass.SHORT_LINE_BYTES),
    NICEHASH(500, CoinbaseClass.LONG_LINE_BYTES),
    /// Of what is not known.
    DEFAULT(755, CoinbaseClass.SHORT_LINE_BYTES),
    ANTMAIN2(2_250, CoinbaseClass.LONG_LINE_BYTES),
    /// Beyond this it only slows down.
    RESPECTABLE(6_500, CoinbaseClass.LONG_LINE_BYTES),
    /// The firmware takes 16,000 bytes, a line of 16 KiB does not.
    YUGE(6_500, CoinbaseClass.LONG_LINE_BYTES);

    private static final int SHORT_LINE_BYTES = 4 * 1024;
    private static final int LONG_LINE_BYTES = 16 * 1024;

    /// Each level of the branch in hex, quoted, with a comma.
    private static final int LEVEL_CHARACTERS = 67;

    /// The line without coinbase and branch, and some to spare.
    private static final int OTHER_CHARACTERS = 256;

    private final int coinbaseBytes;
    private final int lineBytes;

    CoinbaseClass(int coinbaseBytes, int lineBytes) {
        this.coinbaseBytes = coinbaseBytes;
        this.lineBytes = lineBytes;
    }

    /// The most a coinbase may have, as it is hashed.
    public int coinbaseBytes() {
        return coinbaseBytes;
    }

    /// Whether the firmware takes a job with such a coinbase and a branch of so many levels.
    public boolean holds(int bytes, int branchLevels) {
        int line = 2 * bytes + LEVEL_CHARACTERS * branchLevels + OTHER_CHARACTERS;
        return bytes <= coinbaseBytes && line <= lineBytes;
    }
}
