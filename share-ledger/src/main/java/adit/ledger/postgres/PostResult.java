package adit.ledger.postgres;

/// What became of a posting. Only CREATED changed the books.
public sealed interface PostResult {
    /// Booked as transaction `id`.
    record Created(long id) implements PostResult {}

    /// The same posting was booked before, as transaction `id`.
    record Exists(long id) implements PostResult {}

    /// An account that may not be negative would be; the first such one.
    record WouldOverdraw(LedgerAccount account) implements PostResult {}

    /// Another posting has this key: somebody must look.
    record KeyConflict(long id) implements PostResult {}

    /// Debits and credits differ, or there are fewer than two lines.
    record Unbalanced() implements PostResult {}

    /// The transaction to reverse is reversed already, by transaction `id`.
    record AlreadyReversed(long id) implements PostResult {}

    default boolean isBooked() {
        return switch (this) {
            case Created _, Exists _ -> true;
            case WouldOverdraw _, KeyConflict _, Unbalanced _, AlreadyReversed _ -> false;
        };
    }
}
