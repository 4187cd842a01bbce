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

    static final List<Entry> ALL =
            List.of(
                    new Entry(
                            "parameters",
                            "share-ledger/src/main/java/adit/ledger/journal/RecordGroup.java",
                            "one call per share: a parameter object would be garbage on the share path"),
                    new Entry(
                            "parameters",
                            "stratum-codec/src/main/java/adit/stratum/v1/V1MinerEncoder.java",
                            "one argument for each value on the wire, in the wire's order"),
                    new Entry(
                            "optional-parameter",
                            "bitcoin-node/src/main/java/adit/node/SubmitAnswer.java",
                            "submitblock answers null for yes: the word itself is optional"),
                    new Entry(
                            "optional-field",
                            "bitcoin-node/src/main/java/adit/node/NodeChecks.java",
                            "a pair that one method returns; the doubt is the answer, not state"));

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
