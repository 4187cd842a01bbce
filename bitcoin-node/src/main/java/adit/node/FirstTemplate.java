package adit.node;

import java.util.List;
import java.util.Optional;

import adit.pow.Hash;
import adit.pow.Template;

/// The template without transactions that miners get on a new tip, before the node has put together a full one.
///
/// Everything in it comes from the node's own header of that tip: it has validated the block. It pays exactly the
/// subsidy. There is none where the next block may have other nBits than the tip, or where the node does not tell the
/// median time (btcd).
final class FirstTemplate {
    private FirstTemplate() {}

    /// @param last the last template of the same node, for the version
    /// @param nowSeconds the clock, used as the header time where the rules allow it
    static Optional<Template> on(
            Hash tip,
            NodeRpc.Header header,
            Template last,
            ChainParameters chain,
            long id,
            long nowSeconds) {
        int height = header.height() + 1;
        boolean isTip = header.confirmations() == 1;
        if (!isTip || !header.hasMedianTime() || chain.nBitsMayChangeAt(height)) {
            return Optional.empty();
        }
        long minTime = Integer.toUnsignedLong(header.medianTime()) + 1;
        long subsidySats = chain.subsidySats(height);
        return Optional.of(
                new Template(
                        id,
                        last.version(),
                        tip,
                        height,
                        header.nBits(),
                        (int) minTime,
                        (int) Math.max(minTime, nowSeconds),
                        subsidySats,
                        subsidySats,
                        List.of(),
                        last.node()));
    }
}
