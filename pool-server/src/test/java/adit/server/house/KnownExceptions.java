package adit.server.house;

import java.util.List;

/// The places that may break a rule, each with its reason. One that nothing needs any more fails the build.
final class KnownExceptions {
    /// @param path a file of the tree, or a class for the rules over class files
    record Entry(String rule, String path, String reason) {
        boolean excuses(Violation violation) {
            return violation.rule().equals(rule) && violation.path().equals(path);
        }
    }

    static final List<Entry> ALL = List.of();

    private KnownExceptions() {}

    static List<Violation> remaining(List<Violation> violations, List<Entry> entries) {
        return violations.stream()
                .filter(violation -> entries.stream().noneMatch(e -> e.excuses(violation)))
                .toList();
    }

    static List<Entry> unused(List<Violation> violations, List<Entry> entries) {
        return entries.stream()
                .filter(entry -> violations.stream().noneMatch(entry::excuses))
                .toList();
    }
}
