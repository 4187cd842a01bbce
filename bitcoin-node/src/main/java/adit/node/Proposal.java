package adit.node;

/// A node's opinion of a block without proof of work.
///
/// **Spec:** BIP 23 (block proposal), Bitcoin Core and btcd `getblocktemplate` in mode `proposal`.
public sealed interface Proposal {
    /// The node would accept it, proof of work aside.
    record Valid() implements Proposal {}

    /// Valid or not, it does not build on the node's tip any more.
    record Outdated() implements Proposal {}

    /// Against the rules, in the node's own words.
    record Invalid(String reason) implements Proposal {}

    /// The node could not be asked, or does not know the question.
    record NotChecked(String why) implements Proposal {}

    /// What a node's word means.
    ///
    /// For a block that does not build on its tip Core has one word. btcd has it too, spelled differently, where the tip
    /// moves while it looks, and `bad-prevblk` where it has moved before.
    static Proposal of(String word) {
        return switch (word) {
            case "duplicate", "duplicate-inconclusive" -> new Valid();
            case "inconclusive-not-best-prevblk", "inconclusive-not-best-prvblk", "bad-prevblk" ->
                    new Outdated();
            default -> new Invalid(word);
        };
    }
}
