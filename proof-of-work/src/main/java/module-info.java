import org.jspecify.annotations.NullMarked;

/// Targets, headers, coinbases, merkle branches, jobs, and the one pure function that judges a share.
@NullMarked
module adit.pow {
    requires static org.jspecify;

    exports adit.pow;
}
