package adit.node;

import java.util.Locale;

/// What a node's word on a block means.
///
/// Bitcoin Core answers in short words, btcd in sentences after `rejected: `. Null is Core's yes; btcd says it also to
/// blocks whose parent it lacks, so a yes is always checked against the node's chain.
///
/// **Spec:** BIP 22, Bitcoin Core `submitblock`.
enum SubmitAnswer {
    /// The node has the block and found it valid, or says so.
    TAKEN,
    /// The node says neither yes nor no.
    UNSURE,
    /// The node can't judge it yet.
    NOT_YET,
    /// Against the rules.
    REFUSED;

    static SubmitAnswer of(String word) {
        var said = word.toLowerCase(Locale.ROOT);
        return switch (said) {
            case "duplicate" -> TAKEN;
            case "inconclusive", "duplicate-inconclusive", "inconclusive-not-best-prevblk" ->
                    UNSURE;
            case "prev-blk-not-found" -> NOT_YET;
            default -> said.startsWith("rejected: already have block") ? TAKEN : REFUSED;
        };
    }
}
