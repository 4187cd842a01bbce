package adit.server.house;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/// Plants violations of the rules that compare types with the tree, and of those over files that are not Java.
class TypeAndFileRulesTest {
    private static final String A = "m/src/main/java/a/";
    private static final String B = "m/src/main/java/b/";

    @TempDir private Path root;

    @Test
    void findsAPublicTypeNobodyElseUses() {
        var sources =
                SourceFile.parse(
                        Map.of(
                                A + "Used.java",
                                        "package a; public final class Used { Given given; }",
                                A + "Given.java", "package a; public record Given() {}",
                                A + "Lonely.java", "package a; public record Lonely(Used used) {}",
                                A + "Main.java",
                                        "package a; public final class Main { static void main() {} }",
                                B + "User.java",
                                        "package b; /* Lonely */ final class User { a.Used u; }"));

        assertThat(TypeRules.checkVisibility(sources, Set.of("m")))
                .extracting(Violation::path)
                .containsExactly(A + "Lonely.java");
    }

    @Test
    void sparesAPackageThatNobodyUsesYet() {
        var sources = SourceFile.parse(Map.of(A + "New.java", "package a; public record New() {}"));

        assertThat(TypeRules.checkVisibility(sources, Set.of("m"))).isEmpty();
    }

    @Test
    void findsAnInterfaceWithOneImplementation() {
        var sources =
                SourceFile.parse(
                        Map.of(
                                A + "Disk.java",
                                "package a; /// Seam: the disk.\ninterface Disk {"
                                        + " interface File {} }",
                                A + "RealDisk.java",
                                "package a; final class RealDisk implements Disk {"
                                        + " record RealFile() implements Disk.File {} }",
                                A + "Lonely.java",
                                "package a; interface Lonely<T> {}",
                                A + "Turned.java",
                                "package a; interface Turned {}",
                                B + "Below.java",
                                "package b; record Below() implements a.Turned {}",
                                A + "Only.java",
                                "package a; record Only() implements Lonely<String> {}",
                                A + "Shape.java",
                                "package a; sealed interface Shape {"
                                        + " record Dot() implements Shape {}"
                                        + " record Line() implements Shape {} }"));

        assertThat(TypeRules.checkSeams(sources))
                .extracting(Violation::path)
                .containsExactly(A + "Lonely.java");
    }

    @Test
    void findsAPackageThatSaysNothing() {
        var sources =
                SourceFile.parse(
                        Map.of(
                                A + "package-info.java", "package a;",
                                A + "One.java", "package a; record One() {}",
                                B + "Two.java", "package b; record Two() {}",
                                B + "Three.java", "package b; record Three() {}"));

        assertThat(FileRules.checkPackages(sources))
                .extracting(Violation::what)
                .containsExactly("b");
    }

    @Test
    void findsWhatIsWrongInMarkdown() throws IOException {
        write(
                "good.md",
                """
                # Title

                [link](docs/other.md#part) [web](https://example.org/x)
                ```
                # no title
                [no](link)
                ```
                """);
        write("docs/other.md", "# Two\n\n# Titles\n\n[up](../good.md) [gone](gone.md)\n");

        assertThat(FileRules.check(WorkingTree.at(root)))
                .extracting(violation -> violation.rule() + " " + violation.line())
                .containsExactly("one-title 1", "dead-link 5");
    }

    @Test
    void findsLargeFilesAndMachinePaths() throws IOException {
        write("large.bin", "x".repeat(FileRules.MAX_FILE_BYTES + 1));
        write("run.sh", "cd /wo" + "rk/main\n");
        write("target/large.bin", "x".repeat(FileRules.MAX_FILE_BYTES + 1));

        assertThat(FileRules.check(WorkingTree.at(root)))
                .extracting(Violation::rule)
                .containsExactly("file-size", "machine-path");
    }

    private void write(String name, String text) throws IOException {
        if (name.contains("/")) {
            Files.createDirectories(root.resolve(name.substring(0, name.lastIndexOf('/'))));
        }
        Files.writeString(root.resolve(name), text);
    }
}
