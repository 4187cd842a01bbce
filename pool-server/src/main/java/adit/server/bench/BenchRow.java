package adit.server.bench;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/// What is measured, and what is wanted of it on the reference machine; 0 where nothing is.
public enum BenchRow {
    ONE_BY_64("1 connection × 64 unanswered, shares/s", 80_000, Scaling.FASTER_IS_MORE),
    HUNDRED_BY_4("100 × 4, shares/s", 115_000, Scaling.FASTER_IS_MORE),
    HUNDRED_BY_64("100 × 64, shares/s", 0, Scaling.FASTER_IS_MORE),
    THOUSAND_BY_1("1,000 × 1, shares/s", 64_000, Scaling.FASTER_IS_MORE),
    PROJECTING("1,000 × 1 with the projector running, shares/s", 0, Scaling.FASTER_IS_MORE),
    ACKNOWLEDGED(
            "1,000 × 1 at half load: acknowledged p99 less fsync p99, ms",
            2.5,
            Scaling.FASTER_IS_LESS),
    NEW_BLOCK("new block to the last of 1,000 idle miners, ms", 30, Scaling.FASTER_IS_LESS),
    NEW_BLOCK_AT_HALF_LOAD(
            "new block to the last of 1,000 at half load, ms", 60, Scaling.FASTER_IS_LESS),
    CONNECT("seconds to connect 10,000", 2, Scaling.FASTER_IS_LESS),
    NEW_BLOCK_TO_10000(
            "new block to the last of 10,000 idle miners, ms", 120, Scaling.FASTER_IS_LESS),
    MEMORY("memory a connection with 10,000 held, KiB", 6, Scaling.NONE),
    COME_BACK("seconds from kill -9 until 18,000 are back", 8, Scaling.FASTER_IS_LESS),
    WEAK_SHARES(
            "shares below their difficulty: core a share beyond its hashes, µs",
            3,
            Scaling.FASTER_IS_LESS),
    SLOW_PEERS("memory for 5,000 peers that say next to nothing, MiB", 40, Scaling.NONE),
    CONNECT_FLOOD(
            "connects as fast as can be: acknowledged p99 of 100 miners, ms", 50, Scaling.NONE),
    MINIMUM_DIFFICULTY(
            "2,000 far over their rate: acknowledged p99 of 100 others, ms", 50, Scaling.NONE);

    /// How a wish for the reference machine becomes one for this machine.
    private enum Scaling {
        FASTER_IS_MORE,
        FASTER_IS_LESS,
        NONE
    }

    private final String title;
    private final double wanted;
    private final Scaling scaling;

    BenchRow(String title, double wanted, Scaling scaling) {
        this.title = title;
        this.wanted = wanted;
        this.scaling = scaling;
    }

    /// The name on the command line.
    public String key() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /// The row of a name on the command line.
    ///
    /// @throws IllegalArgumentException for a name that no row has
    public static BenchRow of(String key) {
        return Arrays.stream(values())
                .filter(row -> row.key().equals(key))
                .findFirst()
                .orElseThrow(() ->
                        new IllegalArgumentException(
                                "there is no row '" + key + "'; there are " + keys()));
    }

    public static String keys() {
        return Arrays.stream(values()).map(BenchRow::key).collect(Collectors.joining(", "));
    }

    String title() {
        return title;
    }

    /// Whether more is better; else less is.
    boolean moreIsBetter() {
        return scaling == Scaling.FASTER_IS_MORE;
    }

    /// What is wanted of a machine that does so many times what the reference machine does; 0 for nothing.
    double wanted(double scale) {
        return switch (scaling) {
            case FASTER_IS_MORE -> wanted * scale;
            case FASTER_IS_LESS -> wanted / scale;
            case NONE -> wanted;
        };
    }
}
