package adit.pow;

/// One payment of a coinbase: a script and what it gets.
///
/// **Invariant:** the script is not changed after construction.
public record CoinbaseOutput(byte[] script, long sats) {
    /// Twenty-one million coins: no output, and no sum of outputs, is larger.
    static final long MAX_SATS = 21_000_000L * 100_000_000L;

    /// A longer script could never be spent.
    static final int MAX_SCRIPT_BYTES = 10_000;

    public CoinbaseOutput {
        if (sats < 0 || sats > MAX_SATS) {
            throw new IllegalArgumentException("no such amount: " + sats + " sats");
        }
        if (script.length == 0 || script.length > MAX_SCRIPT_BYTES) {
            throw new IllegalArgumentException("no such script: " + script.length + " bytes");
        }
    }
}
