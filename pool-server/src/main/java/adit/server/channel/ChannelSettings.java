package adit.server.channel;

/// What a listener fixes for every channel it opens.
///
/// @param capAtNetwork whether no channel may be asked for more than the network difficulty, as on every
///     public network; false where share difficulty paces the blocks (regtest, the demo)
public record ChannelSettings(
        long firstUnits,
        long minimumUnits,
        long maximumUnits,
        boolean fixed,
        double sharesPerMinute,
        boolean capAtNetwork,
        int staleGraceMillis) {

    public long clamp(long units) {
        return Math.clamp(units, minimumUnits, maximumUnits);
    }
}
