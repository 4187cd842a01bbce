package adit.server.channel;

import adit.server.firmware.DifficultyFormat;
import adit.server.firmware.Firmware;

/// What a listener fixes for every channel it opens.
///
/// @param format what numbers the miner's firmware reads as a difficulty
/// @param capAtNetwork whether no channel may be asked for more than the network difficulty, as on every
///     public network; false where share difficulty paces the blocks (regtest, the demo)
public record ChannelSettings(
        long firstUnits,
        long minimumUnits,
        long maximumUnits,
        boolean fixed,
        double sharesPerMinute,
        boolean capAtNetwork,
        int staleGraceMillis,
        DifficultyFormat format) {

    /// For what reads any number.
    public ChannelSettings(
            long firstUnits,
            long minimumUnits,
            long maximumUnits,
            boolean fixed,
            double sharesPerMinute,
            boolean capAtNetwork,
            int staleGraceMillis) {
        this(
                firstUnits,
                minimumUnits,
                maximumUnits,
                fixed,
                sharesPerMinute,
                capAtNetwork,
                staleGraceMillis,
                DifficultyFormat.DOUBLE);
    }

    /// The same for miners of one firmware: what it can read, where it begins, and below what it refuses to work. The
    /// listener's limits and its fixed difficulty stand above what the firmware wishes, and so does a higher first
    /// difficulty, as of a port for rented hashrate.
    public ChannelSettings servedTo(Firmware firmware) {
        if (firmware.difficulty() == format
                && firmware.firstUnits() == 0
                && firmware.leastUnits() == 0) {
            return this;
        }
        long leastUnits = Math.min(Math.max(minimumUnits, firmware.leastUnits()), maximumUnits);
        long wishedUnits = Math.max(firmware.firstUnits(), firstUnits);
        return new ChannelSettings(
                fixed ? firstUnits : Math.clamp(wishedUnits, leastUnits, maximumUnits),
                leastUnits,
                maximumUnits,
                fixed,
                sharesPerMinute,
                capAtNetwork,
                staleGraceMillis,
                firmware.difficulty());
    }

    public long clamp(long units) {
        return Math.clamp(units, minimumUnits, maximumUnits);
    }
}
