package adit.server.house;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;

/// One Java source of the tree, parsed but not compiled.
///
/// @param path relative to the root of the tree, with `/`
/// @param text as written
/// @param code the text with comments and literals blanked out, offsets unchanged
record SourceFile(String path, String text, String code, CompilationUnitTree tree, DocTrees docs) {

    /// Parses sources given as path → text, all in one go.
    static List<SourceFile> parse(Map<String, String> sources) {
        var files = sources.entrySet().stream().map(InMemory::new).toList();
        var compiler = ToolProvider.getSystemJavaCompiler();
        var task = (JavacTask) compiler.getTask(null, null, null, List.of(), null, files);
        var docs = DocTrees.instance(task);
        var parsed = new ArrayList<SourceFile>();
        try {
            for (var unit : task.parse()) {
                var path = unit.getSourceFile().getName().substring(1);
                var text = sources.getOrDefault(path, "");
                parsed.add(new SourceFile(path, text, blanked(text), unit, docs));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return parsed;
    }

    boolean isMain() {
        return path.contains("/src/main/");
    }

    boolean isTest() {
        return !isMain();
    }

    boolean isBench() {
        return path.endsWith("Bench.java");
    }

    boolean isPackageInfo() {
        return path.endsWith("/package-info.java");
    }

    String packageName() {
        return tree.getPackageName() == null ? "" : tree.getPackageName().toString();
    }

    boolean isIn(String... packages) {
        for (var name : packages) {
            if (packageName().equals(name) || packageName().startsWith(name + ".")) {
                return true;
            }
        }
        return false;
    }

    int lineOf(long offset) {
        return (int) tree.getLineMap().getLineNumber(Math.max(0, offset));
    }

    int firstLineOf(Tree node) {
        return lineOf(positions().getStartPosition(tree, node));
    }

    int lastLineOf(Tree node) {
        return lineOf(positions().getEndPosition(tree, node));
    }

    String textOf(Tree node) {
        return text.substring(
                (int) positions().getStartPosition(tree, node),
                (int) positions().getEndPosition(tree, node));
    }

    private SourcePositions positions() {
        return docs.getSourcePositions();
    }

    /// The text with every comment and literal overwritten by blanks, line ends kept.
    static String blanked(String text) {
        var out = new StringBuilder(text);
        int at = 0;
        while (at < text.length()) {
            int end = endOfSilence(text, at);
            for (int i = at; i < end; i++) {
                if (text.charAt(i) != '\n') {
                    out.setCharAt(i, ' ');
                }
            }
            at = Math.max(end, at + 1);
        }
        return out.toString();
    }

    /// The end of the comment or literal that starts at `at`, or `at` if none does.
    private static int endOfSilence(String text, int at) {
        if (text.startsWith("//", at)) {
            return indexOrEnd(text.indexOf('\n', at), text, 0);
        }
        if (text.startsWith("/*", at)) {
            return indexOrEnd(text.indexOf("*/", at + 2), text, 2);
        }
        if (text.startsWith("\"\"\"", at)) {
            return endOfLiteral(text, at + 3, "\"\"\"");
        }
        return switch (text.charAt(at)) {
            case '"' -> endOfLiteral(text, at + 1, "\"");
            case '\'' -> endOfLiteral(text, at + 1, "'");
            default -> at;
        };
    }

    private static int endOfLiteral(String text, int from, String closing) {
        int at = from;
        while (at < text.length() && !text.startsWith(closing, at)) {
            at += text.charAt(at) == '\\' ? 2 : 1;
        }
        return Math.min(text.length(), at + closing.length());
    }

    private static int indexOrEnd(int index, String text, int more) {
        return index < 0 ? text.length() : index + more;
    }

    private static final class InMemory extends SimpleJavaFileObject {
        private final String text;

        InMemory(Map.Entry<String, String> source) {
            super(URI.create("tree:///" + source.getKey()), JavaFileObject.Kind.SOURCE);
            this.text = source.getValue();
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }
}
