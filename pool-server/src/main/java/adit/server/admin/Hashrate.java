package adit.server.admin;

import java.math.BigInteger;
import java.time.Duration;

/// An estimate for display: credited work over the seconds it was done in. One unit of difficulty is about one hash.
record Hashrate(String window, long seconds, BigInteger hashesPerSecond) {

    static Hashrate of(String window, BigInteger units, Duration time) {
        long seconds = Math.max(1, time.toSeconds());
        return new Hashrate(window, seconds, units.divide(BigInteger.valueOf(seconds)));
    }
}
