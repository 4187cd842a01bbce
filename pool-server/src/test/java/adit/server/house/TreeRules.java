package adit.server.house;

import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import javax.lang.model.element.Modifier;

import com.sun.source.tree.CatchTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.TreePathScanner;

/// The rules about classes, methods and fields, over the syntax tree.
final class TreeRules {
    static final int MAX_METHOD_LINES = 60;
    static final int MAX_PARAMETERS = 7;

    private static final Pattern BANNED_NAME =
            Pattern.compile(
                    "\\w*(Utils?|Helpers?|Manager|Impl|Base|Dto|Service|Processor)|Abstract[A-Z]\\w*");
    private static final Pattern BANNED_PACKAGE =
            Pattern.compile(".*\\.(common|util|utils|core|api|model|dto|impl|helper)(\\..*)?");
    private static final Pattern BANNED_TEST_NAME = Pattern.compile("(test|should)[A-Z].*|.*_.*");

    static final List<Rule> ALL =
            List.of(
                    classes(
                            "banned-name",
                            Rule::everywhere,
                            "name the thing it is, in a word of docs/glossary.md",
                            node -> BANNED_NAME.matcher(node.getSimpleName()).matches()),
                    classes(
                            "final-class",
                            SourceFile::isMain,
                            "make it final or sealed: nothing here is made to be inherited",
                            TreeRules::isOpenClass),
                    methods(
                            "parameters",
                            SourceFile::isMain,
                            "at most " + MAX_PARAMETERS + " parameters: group them in a record",
                            (method, owner) ->
                                    !(isConstructor(method) && owner.getKind() == Tree.Kind.RECORD)
                                            && method.getParameters().size() > MAX_PARAMETERS),
                    methods(
                            "get-prefix",
                            SourceFile::isMain,
                            "an accessor is named by the thing it returns",
                            (method, _) ->
                                    method.getName().toString().matches("get[A-Z]\\w*")
                                            && method.getParameters().isEmpty()
                                            && !isOverride(method)),
                    methods(
                            "protected",
                            SourceFile::isMain,
                            "no inheritance: make it private or package-private",
                            (method, _) ->
                                    has(method.getModifiers().getFlags(), Modifier.PROTECTED)
                                            && !isOverride(method)),
                    methods(
                            "test-name",
                            SourceFile::isTest,
                            "a test's name is a sentence in the present tense",
                            (method, _) ->
                                    isTestMethod(method)
                                            && BANNED_TEST_NAME
                                                    .matcher(method.getName())
                                                    .matches()),
                    methods(
                            "optional-parameter",
                            SourceFile::isMain,
                            "an Optional is only returned: pass the value or write two methods",
                            (method, _) ->
                                    method.getParameters().stream()
                                            .anyMatch(TreeRules::isOptional)),
                    fields(
                            "optional-field",
                            "an Optional is only returned: hold a @Nullable value or a sealed type",
                            (field, _) -> isOptional(field)),
                    fields(
                            "static-state",
                            "no mutable static state: give it to the object that owns it",
                            (field, owner) ->
                                    owner.getKind() != Tree.Kind.INTERFACE
                                            && has(field.getModifiers().getFlags(), Modifier.STATIC)
                                            && !has(
                                                    field.getModifiers().getFlags(),
                                                    Modifier.FINAL)),
                    new Rule(
                            "banned-package",
                            "no package for leftovers: put it where its idea lives",
                            Rule::everywhere,
                            (source, found) -> {
                                if (BANNED_PACKAGE.matcher(source.packageName()).matches()) {
                                    found.at(1, source.packageName());
                                }
                            }),
                    new Rule(
                            "method-length",
                            "at most " + MAX_METHOD_LINES + " lines: name its steps",
                            Rule::everywhere,
                            (source, found) -> new MethodLength(source).scanWhole(found)),
                    new Rule(
                            "empty-catch",
                            "act, let it pass upwards, or say in the block why nothing is to be done",
                            SourceFile::isMain,
                            (source, found) -> new EmptyCatch(source).scanWhole(found)),
                    new Rule(
                            "undocumented-type",
                            "begin a public type with `///` and say what it is",
                            SourceFile::isMain,
                            (source, found) -> new PublicDocs(source).scanWhole(found)));

    private TreeRules() {}

    /// A question about a member and the class that declares it.
    private interface About<T> {
        boolean breaks(T member, ClassTree owner);
    }

    private static Rule classes(
            String name, Predicate<SourceFile> where, String advice, Predicate<ClassTree> breaks) {
        return new Rule(
                name,
                advice,
                where,
                (source, found) ->
                        new Visit(source) {
                            @Override
                            public Void visitClass(ClassTree node, Rule.Findings found) {
                                if (breaks.test(node)) {
                                    report(found, node, node.getSimpleName());
                                }
                                return super.visitClass(node, found);
                            }
                        }.scanWhole(found));
    }

    private static Rule methods(
            String name, Predicate<SourceFile> where, String advice, About<MethodTree> about) {
        return new Rule(
                name,
                advice,
                where,
                (source, found) ->
                        new Visit(source) {
                            @Override
                            public Void visitMethod(MethodTree node, Rule.Findings found) {
                                if (about.breaks(node, owner())) {
                                    report(found, node, node.getName());
                                }
                                return super.visitMethod(node, found);
                            }
                        }.scanWhole(found));
    }

    /// Fields and record components of main sources.
    private static Rule fields(String name, String advice, About<VariableTree> about) {
        return new Rule(
                name,
                advice,
                SourceFile::isMain,
                (source, found) ->
                        new Visit(source) {
                            @Override
                            public Void visitVariable(VariableTree node, Rule.Findings found) {
                                boolean isField =
                                        getCurrentPath().getParentPath().getLeaf()
                                                instanceof ClassTree;
                                if (isField && about.breaks(node, owner())) {
                                    report(found, node, node.getName());
                                }
                                return super.visitVariable(node, found);
                            }
                        }.scanWhole(found));
    }

    /// A walk over one source that reports what it finds.
    private static class Visit extends TreePathScanner<Void, Rule.Findings> {
        final SourceFile source;

        Visit(SourceFile source) {
            this.source = source;
        }

        final void scanWhole(Rule.Findings found) {
            scan(source.tree(), found);
        }

        final void report(Rule.Findings found, Tree node, CharSequence what) {
            found.at(source.firstLineOf(node), what.isEmpty() ? "anonymous" : what.toString());
        }

        final ClassTree owner() {
            var path = getCurrentPath();
            while (!(path.getLeaf() instanceof ClassTree)) {
                path = path.getParentPath();
            }
            return (ClassTree) path.getLeaf();
        }
    }

    private static final class MethodLength extends Visit {
        MethodLength(SourceFile source) {
            super(source);
        }

        @Override
        public Void visitMethod(MethodTree node, Rule.Findings found) {
            int lines = source.lastLineOf(node) - source.firstLineOf(node) + 1;
            if (lines > MAX_METHOD_LINES) {
                report(found, node, node.getName() + " has " + lines + " lines");
            }
            return super.visitMethod(node, found);
        }
    }

    private static final class EmptyCatch extends Visit {
        EmptyCatch(SourceFile source) {
            super(source);
        }

        @Override
        public Void visitCatch(CatchTree node, Rule.Findings found) {
            if (node.getBlock().getStatements().isEmpty()
                    && !source.textOf(node.getBlock()).contains("//")) {
                report(found, node, "catch " + node.getParameter().getType());
            }
            return super.visitCatch(node, found);
        }
    }

    private static final class PublicDocs extends Visit {
        PublicDocs(SourceFile source) {
            super(source);
        }

        @Override
        public Void visitClass(ClassTree node, Rule.Findings found) {
            boolean isTop =
                    getCurrentPath().getParentPath().getLeaf() instanceof CompilationUnitTree;
            if (isTop
                    && has(node.getModifiers().getFlags(), Modifier.PUBLIC)
                    && source.docs().getDocComment(getCurrentPath()) == null) {
                report(found, node, node.getSimpleName());
            }
            return super.visitClass(node, found);
        }
    }

    private static boolean isOpenClass(ClassTree node) {
        var flags = node.getModifiers().getFlags();
        return node.getKind() == Tree.Kind.CLASS
                && !node.getSimpleName().isEmpty()
                && !has(flags, Modifier.FINAL)
                && !has(flags, Modifier.SEALED);
    }

    private static boolean isConstructor(MethodTree method) {
        return method.getReturnType() == null;
    }

    private static boolean isOptional(VariableTree variable) {
        return variable.getType() != null
                && variable.getType()
                        .toString()
                        .matches("(java\\.util\\.)?Optional(<.*>|Int|Long|Double)?");
    }

    private static boolean isOverride(MethodTree method) {
        return isAnnotated(method, "Override");
    }

    private static boolean isTestMethod(MethodTree method) {
        return isAnnotated(method, "Test")
                || isAnnotated(method, "ParameterizedTest")
                || isAnnotated(method, "RepeatedTest")
                || isAnnotated(method, "TestFactory");
    }

    private static boolean isAnnotated(MethodTree method, String annotation) {
        return method.getModifiers().getAnnotations().stream()
                .anyMatch(a -> a.getAnnotationType().toString().equals(annotation));
    }

    private static boolean has(Set<Modifier> flags, Modifier modifier) {
        return flags.contains(modifier);
    }
}
