package adit.server.house;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/// Plants a violation of every source rule beside an innocent look-alike: a rule that finds nothing is no rule.
class PlantedViolationsTest {
    private static final String MAIN = "pool-server/src/main/java/adit/server/job/Planted.java";
    private static final String TEST = "pool-server/src/test/java/adit/server/job/PlantedTest.java";

    /// @param guilty a source that breaks the rule once
    /// @param innocent one that looks alike and breaks no rule of that name
    record Planted(String rule, String path, String guilty, String innocent) {
        @Override
        public String toString() {
            return rule;
        }
    }

    static Stream<Planted> planted() {
        return Stream.of(lines(), types(), members()).flatMap(List::stream);
    }

    private static List<Planted> lines() {
        return List.of(
                inMain("unfinished", "// TO" + "DO later", "// a to-do list is kept elsewhere"),
                inMain("machine-path", "// see /ro" + "ot/x", "// the root of /roots/x"),
                inMain("tab", "\tint x;", "String x = \"\\t\";"),
                inMain("author", "/// @" + "author me", "/// an author wrote @see"),
                inMain("code-in-comment", "// int x = 1;", "// counts from one; never from zero."),
                inMain("block-comment", "/* Copyright */", "int x = 4 /* four */ * 2;"),
                inMain(
                        "suppression",
                        "@SuppressWarnings(\"rawtypes\")\nint x;",
                        "@SuppressWarnings(\"rawtypes\") // the library returns it raw\nint x;"),
                new Planted(
                        "module-import",
                        MAIN,
                        "package adit.server.job;\nimport module java.base;\nfinal class Planted {}",
                        "package adit.server.job;\nimport java.util.List;\nfinal class Planted {}"),
                inTest("skipped-test", "@Disa" + "bled void waits() {}", "void isDisabled() {}"),
                inTest(
                        "skipped-test",
                        "void waits() { assumeTrue(true); }",
                        "// assumeTrue is not used\nvoid waits() {}"),
                inTest(
                        "sleep-in-test",
                        "void waits() throws Exception { Thread.sleep(5); }",
                        "String text = \"Thread.sleep(5)\";"),
                inTest("mock", "org.mockito.Mockito mock;", "Fake fake;"),
                inTest(
                        "assertions",
                        "org.junit.jupiter.api.Assertions a;",
                        "org.assertj.core.api.Assertions a;"),
                inMain(
                        "clock",
                        "long x = System.nanoTime();",
                        "LongSupplier x = System::nanoTime;"),
                inMain("clock", "Object x = Instant.now();", "Object x = Instant.now(clock);"),
                inMain("randomness", "Object x = new Random();", "Object x = new Random(seed);"),
                inMain("thread-local", "ThreadLocal<String> x;", "String threadLocal;"),
                inMain(
                        "lock",
                        "java.util.concurrent.locks.ReentrantLock x;",
                        "java.util.concurrent.locks.LockSupport x;"),
                inMain("lock", "synchronized void x() {}", "/// Never synchronized.\nvoid x() {}"),
                new Planted(
                        "floating-money",
                        "payout-engine/src/main/java/adit/payout/Planted.java",
                        "package adit.payout;\nfinal class Planted { double x; }",
                        "package adit.payout;\nfinal class Planted { long doubled; }"),
                inMain(
                        "bare-exception",
                        "void x() { throw new RuntimeException(); }",
                        "void x() { throw new IllegalStateException(); }"),
                new Planted(
                        "standard-output",
                        "payout-engine/src/main/java/adit/payout/Planted.java",
                        "package adit.payout;\nfinal class Planted { Object x = System.out; }",
                        "package adit.payout;\nfinal class Planted { Object out; }"),
                inMain("file-length", "int x;\n".repeat(500), "int x;\n".repeat(490)));
    }

    private static List<Planted> types() {
        return List.of(
                inMain("banned-name", "static final class JobManager {}", "record Managed() {}"),
                inMain("banned-name", "static final class HexUtils {}", "record Utility() {}"),
                inMain("banned-name", "interface AbstractJob {}", "interface Abstraction {}"),
                inMain("final-class", "static class Open {}", "sealed interface Closed {}"),
                new Planted(
                        "banned-package",
                        "pool-server/src/main/java/adit/server/util/Planted.java",
                        "package adit.server.util;\nfinal class Planted {}",
                        "package adit.server.utility;\nfinal class Planted {}"),
                new Planted(
                        "undocumented-type",
                        MAIN,
                        "package adit.server.job;\npublic final class Planted {}",
                        "package adit.server.job;\n/// A plant.\npublic final class Planted {}"));
    }

    private static List<Planted> members() {
        return List.of(
                inMain(
                        "parameters",
                        "void x(int a, int b, int c, int d, int e, int f, int g, int h) {}",
                        "record X(int a, int b, int c, int d, int e, int f, int g, int h) {}"),
                inMain("get-prefix", "int getX() { return 1; }", "int get() { return 1; }"),
                inMain("protected", "protected void x() {}", "@Override protected void x() {}"),
                inTest("test-name", "@Test void testNothing() {}", "void testNothing() {}"),
                inTest("test-name", "@Test void should" + "Work() {}", "@Test void works() {}"),
                inMain(
                        "optional-parameter",
                        "void x(Optional<String> a) {}",
                        "Optional<String> x() {}"),
                inMain("optional-field", "Optional<String> x;", "void x() { Optional<String> a; }"),
                inMain("optional-field", "record X(Optional<String> a) {}", "OptionalDesign x;"),
                inMain("static-state", "static int x;", "static final int X = 1;"),
                inMain(
                        "method-length",
                        "void x() {\n" + "x();\n".repeat(59) + "}",
                        "void x() {\n" + "x();\n".repeat(58) + "}"),
                inMain(
                        "empty-catch",
                        "void x() { try { x(); } catch (Exception e) { } }",
                        "void x() { try { x(); } catch (Exception e) { x(); } }"),
                inMain(
                        "empty-catch",
                        "void x() { try { x(); } catch (Exception e) {\n} // closed\n}",
                        "void x() { try { x(); } catch (Exception e) {\n// closed\n} }"));
    }

    @ParameterizedTest
    @MethodSource("planted")
    void findsWhatWasPlanted(Planted planted) {
        assertThat(brokenBy(planted.path(), planted.guilty())).contains(planted.rule());
    }

    @ParameterizedTest
    @MethodSource("planted")
    void sparesTheInnocent(Planted planted) {
        assertThat(brokenBy(planted.path(), planted.innocent())).doesNotContain(planted.rule());
    }

    @Test
    void plantsForEveryRule() {
        var rules = Stream.concat(LineRules.ALL.stream(), TreeRules.ALL.stream()).map(Rule::name);

        assertThat(planted().map(Planted::rule)).containsAll(rules.toList());
    }

    @Test
    void saysWhereAndWhatToDo() {
        var source = parse(MAIN, inClass("Planted", "int x;\nint getX() { return x; }"));

        assertThat(check(source).map(Violation::toString))
                .containsExactly(
                        MAIN
                                + ":5: getX: an accessor is named by the thing it returns [get-prefix]");
    }

    @Test
    void sparesARoomOnlyWhereAnExceptionIsKnown() {
        var source = parse(MAIN, inClass("Planted", "static int x;"));
        var excused = new KnownExceptions.Entry("static-state", MAIN, "planted");
        var elsewhere = new KnownExceptions.Entry("static-state", TEST, "planted");
        var found = check(source).toList();

        assertThat(KnownExceptions.remaining(found, List.of(excused))).isEmpty();
        assertThat(KnownExceptions.remaining(found, List.of(elsewhere))).hasSize(1);
        assertThat(KnownExceptions.unused(found, List.of(excused, elsewhere)))
                .containsExactly(elsewhere);
    }

    private static Planted inMain(String rule, String guilty, String innocent) {
        return new Planted(rule, MAIN, inClass("Planted", guilty), inClass("Planted", innocent));
    }

    private static Planted inTest(String rule, String guilty, String innocent) {
        return new Planted(
                rule, TEST, inClass("PlantedTest", guilty), inClass("PlantedTest", innocent));
    }

    private static String inClass(String name, String body) {
        return "package adit.server.job;\n\nfinal class " + name + " {\n" + body + "\n}\n";
    }

    private static Stream<String> brokenBy(String path, String text) {
        return check(parse(path, text)).map(Violation::rule);
    }

    private static SourceFile parse(String path, String text) {
        return SourceFile.parse(Map.of(path, text)).getFirst();
    }

    private static Stream<Violation> check(SourceFile source) {
        return Stream.concat(LineRules.ALL.stream(), TreeRules.ALL.stream())
                .flatMap(rule -> rule.check(source).stream());
    }
}
