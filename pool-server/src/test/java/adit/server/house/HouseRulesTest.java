package adit.server.house;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/// Holds the whole tree to the house rules and prints one line for each place that breaks one.
class HouseRulesTest {
    private static WorkingTree tree;
    private static List<SourceFile> sources;
    private static List<Violation> violations;

    @BeforeAll
    static void readsTheTree() {
        tree = WorkingTree.here();
        sources = tree.sources();
        violations = new ArrayList<>();
        for (var source : sources) {
            LineRules.ALL.forEach(rule -> violations.addAll(rule.check(source)));
            TreeRules.ALL.forEach(rule -> violations.addAll(rule.check(source)));
        }
        violations.addAll(TypeRules.checkVisibility(sources, TypeRules.USED));
        violations.addAll(TypeRules.checkSeams(sources));
        violations.addAll(FileRules.checkPackages(sources));
        violations.addAll(FileRules.check(tree));
        var classes = new ClassFileImporter().withImportOption(new DoNotIncludeTests());
        violations.addAll(RoomRules.check(classes.importPackages("adit")));
    }

    @Test
    void seesEveryModule() {
        var modules =
                sources.stream()
                        .map(source -> source.path().replaceFirst("/.*", ""))
                        .collect(Collectors.toSet());

        assertThat(modules)
                .contains(
                        "proof-of-work",
                        "stratum-codec",
                        "payout-engine",
                        "share-ledger",
                        "bitcoin-node",
                        "miner-sim",
                        "pool-server");
    }

    @Test
    void findsNoBrokenRule() {
        var remaining = KnownExceptions.remaining(violations, KnownExceptions.ALL);

        assertThat(remaining)
                .as("%d places break a house rule (docs/STYLE.md)", remaining.size())
                .withFailMessage(() ->
                        remaining.stream()
                                .map(Violation::toString)
                                .collect(Collectors.joining("\n", "\n", "\n")))
                .isEmpty();
    }

    @Test
    void needsEveryException() {
        assertThat(KnownExceptions.unused(violations, KnownExceptions.ALL)).isEmpty();
        assertThat(KnownExceptions.ALL).noneMatch(entry -> entry.reason().isBlank());
    }

    /// The compiler and the formatter hold the rest; these lines make them do so.
    @Test
    void keepsTheCompilerStrict() {
        assertThat(tree.read("pom.xml"))
                .contains("<arg>-Werror</arg>")
                .contains("-Xplugin:ErrorProne")
                .contains("-Xep:NullAway:ERROR")
                .contains("<goal>check</goal>")
                .contains("<exclude>org.mockito</exclude>")
                // The one check switched off would forbid records that hold byte arrays.
                .containsOnlyOnce(":OFF");
    }
}
