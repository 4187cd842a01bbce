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
    /// Modules whose users are all there. The others follow when the rooms that use them are.
    static final Set<String> USED =
            Set.of("proof-of-work", "stratum-codec", "bitcoin-node", "pool-server");

    private static final Pattern WORD = Pattern.compile("\\b[A-Z]\\w*\\b");

    private TypeRules() {}

    /// A public type should be package-private unless another package names it, or a public type of its own
    /// package that is needed so mentions it. Reports what lies in `modules`, but spares packages
    /// that nobody uses at all yet.
    static List<Violation> checkVisibility(List<SourceFile> sources, Set<String> modules) {
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
        var livedIn = needed.stream().map(SourceFile::packageName).collect(Collectors.toSet());
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
                .filter(source -> modules.contains(source.path().replaceFirst("/.*", "")))
                .filter(source -> livedIn.contains(source.packageName()))
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

    /// An interface with one implementation is a layer that only forwards, unless it is a seam and says so, or
    /// turns an arrow round: its implementation lies in another package.
    static List<Violation> checkSeams(List<SourceFile> sources) {
        var implementations = new HashMap<String, List<String>>();
        for (var source : sources) {
            if (source.isMain()) {
                findImplementations(source, implementations);
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

    private static void findImplementations(
            SourceFile source, Map<String, List<String>> implementations) {
        new TreePathScanner<Void, Map<String, List<String>>>() {
            @Override
            public Void visitClass(ClassTree node, Map<String, List<String>> packages) {
                for (var implemented : node.getImplementsClause()) {
                    var name =
                            implemented
                                    .toString()
                                    .replaceFirst("<.*", "")
                                    .replaceFirst(".*\\.", "");
                    packages.computeIfAbsent(name, _ -> new ArrayList<>())
                            .add(source.packageName());
                }
                return super.visitClass(node, packages);
            }
        }.scan(source.tree(), implementations);
    }

    private static void findLonelyInterfaces(
            SourceFile source, Map<String, List<String>> implementations, List<Violation> found) {
        new TreePathScanner<Void, List<Violation>>() {
            @Override
            public Void visitClass(ClassTree node, List<Violation> lonely) {
                if (node.getKind() == Tree.Kind.INTERFACE
                        && implementations
                                .getOrDefault(node.getSimpleName().toString(), List.of())
                                .equals(List.of(source.packageName()))
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
