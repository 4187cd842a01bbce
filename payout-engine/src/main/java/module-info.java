import org.jspecify.annotations.NullMarked;

/// Who earns what: pure integer functions over work slices.
@NullMarked
module adit.payout {
    requires static org.jspecify;

    exports adit.payout;
}
