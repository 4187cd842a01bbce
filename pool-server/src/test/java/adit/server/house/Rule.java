package adit.server.house;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/// One house rule over a single source.
///
/// @param name the word by which [KnownExceptions] refers to it
/// @param advice what to do instead, read by whoever broke it
record Rule(String name, String advice, Predicate<SourceFile> concerns, Search search) {

    /// Finds the places in a source that break a rule.
    interface Search {
        void in(SourceFile source, Findings findings);
    }

    /// Where the places are collected: a line and the word at fault.
    interface Findings {
        void at(int line, String what);
    }

    /// For rules that concern main and test sources alike.
    static boolean everywhere(SourceFile source) {
        return !source.path().isEmpty();
    }

    List<Violation> check(SourceFile source) {
        var found = new ArrayList<Violation>();
        if (concerns.test(source)) {
            search.in(
                    source,
                    (line, what) ->
                            found.add(new Violation(name, source.path(), line, what, advice)));
        }
        return found;
    }
}
