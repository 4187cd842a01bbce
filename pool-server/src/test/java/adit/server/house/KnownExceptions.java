package adit.server.house;

import java.util.List;

/// The places that may break a rule, each with its reason. One that nothing needs any more fails the build.
final class KnownExceptions {
    /// @param path a file of the tree, or a class for the rules over class files
    /// @param what the word at fault, as the violation prints it
    record Entry(String rule, String path, String what, String reason) {
        boolean excuses(Violation violation) {
            return violation.rule().equals(rule)
                    && violation.path().equals(path)
                    && violation.what().equals(what);
        }
    }

    static final List<Entry> ALL =
            List.of(
                    new Entry(
                            "parameters",
                            "share-ledger/src/main/java/adit/ledger/journal/RecordGroup.java",
                            "share",
                            "one call per share: a parameter object would be garbage on the share path"),
                    new Entry(
                            "parameters",
                            "pool-server/src/main/java/adit/server/job/JobMaker.java",
                            "<init>",
                            "each collaborator is handed over once; a record of them would only forward"),
                    new Entry(
                            "parameters",
                            "pool-server/src/main/java/adit/server/session/v1/V1Loop.java",
                            "<init>",
                            "each collaborator is handed over once; a record of them would only forward"),
                    new Entry(
                            "method-length",
                            "pool-server/src/test/java/adit/server/config/ConfigFileTest.java",
                            "readsWhatIsWritten",
                            "a table: every key there is, and what becomes of it"),
                    new Entry(
                            "share-path",
                            "adit.server.session.v1.V1Session",
                            "java.math.BigInteger",
                            "mining.suggest_target: a wish, at most a few on a connection, and no share"),
                    new Entry(
                            "share-path",
                            "adit.server.session.v1.V1Loop",
                            "java.util.stream.Stream",
                            "once for each job, which all connections of the loop share"),
                    new Entry(
                            "share-path",
                            "adit.server.channel.JournalRecords",
                            "java.util.stream.Stream",
                            "the record of a job, once for each job"),
                    new Entry(
                            "share-path",
                            "adit.server.channel.ShareAudit",
                            "java.util.stream.Stream",
                            "the offline audit of a journal, not the path of a share"));

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
