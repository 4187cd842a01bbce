import org.jspecify.annotations.NullMarked;

/// Who earns what: pure integer functions over work slices.
@NullMarked
module adit.payout {
    requires static transitive org.jspecify;

    exports adit.payout;
}
