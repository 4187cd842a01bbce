package adit.stratum.v1;

import java.math.BigDecimal;

/// One extension that a miner asks for in `mining.configure`, with its parameters.
///
/// **Spec:** BIP 310.
public sealed interface V1Extension {

    /// `version-rolling`: which header version bits the miner would like to change.
    record VersionRolling(int mask, int minBitCount) implements V1Extension {

        /// The mask to answer with. Firmware can only go on with a mask that has bits, so one that has none
        /// in common with ours is answered with ours.
        public int grant(int serverMask) {
            int common = mask & serverMask;
            return common == 0 ? serverMask : common;
        }
    }

    /// `minimum-difficulty`: the least share difficulty the miner wants; zero takes the wish back.
    record MinimumDifficulty(BigDecimal difficulty) implements V1Extension {}

    /// `subscribe-extranonce`: the miner promises to follow `mining.set_extranonce`.
    record SubscribeExtranonce() implements V1Extension {}

    /// `info`: what the miner says of itself, cleaned to printable ASCII, empty where it says nothing.
    record MinerInfo(String connectionUrl, String hwVersion, String swVersion, String hwId)
            implements V1Extension {}

    /// An extension that we don't know and answer with `false`.
    record Other(String code) implements V1Extension {}
}
