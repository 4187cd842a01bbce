package adit.server.house;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.lang.model.element.Modifier;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;

/// The rules that compare a type with the rest of the tree: is it needed where it is visible?
final class TypeRules {
    /// Modules whose users are there; the leaves follow when the rooms above them are furnished.
    static final List<String> LIVED_IN = List.of("pool-server/");

    private static final Pattern WORD = Pattern.compile("\\b[A-Z]\\w*\\b");

    private TypeRules() {}

    /// A public type should be package-private unless another package names it, or a public type of its own
    /// package that is needed so mentions it. Only files in `modules` are reported.
    static List<Violation> checkVisibility(List<SourceFile> sources, List<String> modules) {
        var packagesNaming = new HashMap<String, Set<String>>();
        var words = new HashMap<SourceFile, Set<String>>();
        for (var source : sources) {
            var named = WORD.matcher(source.code()).results().map(MatchResult::group);
            words.put(source, named.collect(Collectors.toSet()));
            for (var word : words.getOrDefault(source, Set.of())) {
                packagesNaming
                        .computeIfAbsent(word, _ -> new HashSet<>())
                        .add(source.packageName());
            }
        }
        var lonely = new ArrayList<SourceFile>();
        var needed = new ArrayDeque<SourceFile>();
        for (var source : sources) {
            if (isPublicMain(source)) {
                var naming = packagesNaming.getOrDefault(typeName(source), Set.of());
                boolean isUsed = naming.size() > 1 || source.code().contains("static void main(");
                (isUsed ? needed : lonely).add(source);
            }
        }
        while (!needed.isEmpty()) {
            var user = needed.remove();
            for (var source : List.copyOf(lonely)) {
                if (source.packageName().equals(user.packageName())
                        && words.getOrDefault(user, Set.of()).contains(typeName(source))) {
                    lonely.remove(source);
                    needed.add(source);
                }
            }
        }
        return lonely.stream()
                .filter(source -> modules.stream().anyMatch(source.path()::startsWith))
                .map(source ->
                        new Violation(
                                "visibility",
                                source.path(),
                                1,
                                "public " + typeName(source),
                                "no other package uses it: make it package-private"))
                .toList();
    }

    private static boolean isPublicMain(SourceFile source) {
        return source.isMain()
                && source.tree().getTypeDecls().stream()
                        .anyMatch(type ->
                                type instanceof ClassTree node
                                        && node.getModifiers()
                                                .getFlags()
                                                .contains(Modifier.PUBLIC));
    }

    /// The name of the top-level type, which is the file's.
    private static String typeName(SourceFile source) {
        return source.path().replaceFirst(".*/", "").replaceFirst("\\.java$", "");
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

    /// Whether the type, or one around it, says that it is a seam.
    private static boolean isSeam(SourceFile source, TreePath path) {
        for (TreePath at = path; at != null; at = at.getParentPath()) {
            var doc = source.docs().getDocComment(at);
            if (doc != null && doc.contains("Seam:")) {
                return true;
            }
        }
        return false;
    }
}
