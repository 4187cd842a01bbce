package adit.server.house;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import javax.lang.model.element.Modifier;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;

/// The rules that compare a type with the rest of the tree: is it needed where it is visible?
final class TypeRules {
    private static final Pattern WORD = Pattern.compile("\\b[A-Z]\\w*\\b");

    private TypeRules() {}

    /// A public type that nothing outside its package names should be package-private.
    static List<Violation> checkVisibility(List<SourceFile> sources) {
        var packagesNaming = new HashMap<String, Set<String>>();
        for (var source : sources) {
            var words = WORD.matcher(source.code());
            while (words.find()) {
                packagesNaming
                        .computeIfAbsent(words.group(), _ -> new HashSet<>())
                        .add(source.packageName());
            }
        }
        var found = new ArrayList<Violation>();
        for (var source : sources) {
            for (var type : source.tree().getTypeDecls()) {
                if (source.isMain()
                        && type instanceof ClassTree node
                        && node.getModifiers().getFlags().contains(Modifier.PUBLIC)
                        && !source.code().contains("static void main(")
                        && packagesNaming
                                .getOrDefault(node.getSimpleName().toString(), Set.of())
                                .equals(Set.of(source.packageName()))) {
                    found.add(
                            new Violation(
                                    "visibility",
                                    source.path(),
                                    source.firstLineOf(node),
                                    "public " + node.getSimpleName(),
                                    "no other package uses it: make it package-private"));
                }
            }
        }
        return found;
    }

    /// An interface with one implementation is a layer that only forwards, unless it is a seam and says so.
    static List<Violation> checkSeams(List<SourceFile> sources) {
        var implementations = new HashMap<String, Integer>();
        for (var source : sources) {
            if (source.isMain()) {
                countImplementations(source, implementations);
            }
        }
        var found = new ArrayList<Violation>();
        for (var source : sources) {
            if (source.isMain()) {
                findLonelyInterfaces(source, implementations, found);
            }
        }
        return found;
    }

    private static void countImplementations(SourceFile source, Map<String, Integer> counts) {
        new TreePathScanner<Void, Map<String, Integer>>() {
            @Override
            public Void visitClass(ClassTree node, Map<String, Integer> sums) {
                for (var implemented : node.getImplementsClause()) {
                    var name =
                            implemented
                                    .toString()
                                    .replaceFirst("<.*", "")
                                    .replaceFirst(".*\\.", "");
                    sums.merge(name, 1, Integer::sum);
                }
                return super.visitClass(node, sums);
            }
        }.scan(source.tree(), counts);
    }

    private static void findLonelyInterfaces(
            SourceFile source, Map<String, Integer> counts, List<Violation> found) {
        new TreePathScanner<Void, List<Violation>>() {
            @Override
            public Void visitClass(ClassTree node, List<Violation> lonely) {
                if (node.getKind() == Tree.Kind.INTERFACE
                        && counts.getOrDefault(node.getSimpleName().toString(), 0) == 1
                        && !isSeam(source, getCurrentPath())) {
                    lonely.add(
                            new Violation(
                                    "lonely-interface",
                                    source.path(),
                                    source.firstLineOf(node),
                                    "interface " + node.getSimpleName(),
                                    "use its one implementation, or say `Seam:` and what stands in"
                                            + " for it"));
                }
                return super.visitClass(node, lonely);
            }
        }.scan(source.tree(), found);
    }

    private static boolean isSeam(SourceFile source, TreePath path) {
        var doc = source.docs().getDocComment(path);
        return doc != null && doc.contains("Seam:");
    }
}
