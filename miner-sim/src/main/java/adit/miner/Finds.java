package adit.miner;

/// Where a [Grinder] leaves what it found.
///
/// **Seam:** called on the grinder's thread; must not wait.
interface Finds {
    /// Whether another find can be taken; while not, the grinder rests.
    boolean hasRoom();

    void found(Work work, Submission submission);
}
