package adit.node;

/// A node's opinion of a block without proof of work.
public sealed interface Proposal {
    /// The node would accept it, proof of work aside.
    record Valid() implements Proposal {}

    /// Valid or not, it does not build on the node's tip any more.
    record Outdated() implements Proposal {}

    /// Against the rules, in the node's own words.
    record Invalid(String reason) implements Proposal {}

    /// The node could not be asked, or does not know the question.
    record NotChecked(String why) implements Proposal {}
}
