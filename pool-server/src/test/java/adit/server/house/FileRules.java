package adit.server.house;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The rules about files that are not Java, and about which files must exist.
final class FileRules {
    static final int MAX_FILE_BYTES = 256 * 1024;

    private static final Pattern LINK = Pattern.compile("(?<!!)\\[[^\\]]*\\]\\(([^)\\s]+)\\)");
    private static final Pattern MACHINE_PATH =
            Pattern.compile("/(wo" + "rk|ro" + "ot|fa" + "rm|home/[a-z]+)/");

    private FileRules() {}

    static List<Violation> check(WorkingTree tree) {
        var found = new ArrayList<Violation>();
        for (var file : tree.files()) {
            var name = tree.name(file);
            if (WorkingTree.sizeBytes(file) > MAX_FILE_BYTES) {
                found.add(
                        new Violation(
                                "file-size",
                                name,
                                1,
                                WorkingTree.sizeBytes(file) + " bytes",
                                "keep it out of the tree, or generate it"));
            }
            if (name.endsWith(".md")) {
                checkMarkdown(file, name, found);
            }
            if (name.matches(".*\\.(md|sh|toml|ya?ml|xml|properties)|adit|Dockerfile|\\.ci/run")) {
                checkPaths(name, WorkingTree.read(file), found);
            }
        }
        return found;
    }

    /// Every package says in package-info.java what lives there.
    static List<Violation> checkPackages(List<SourceFile> sources) {
        var told =
                sources.stream()
                        .filter(SourceFile::isPackageInfo)
                        .map(SourceFile::packageName)
                        .collect(Collectors.toSet());
        return sources.stream()
                .filter(source -> !source.packageName().isEmpty())
                .filter(source -> told.add(source.packageName()))
                .map(source ->
                        new Violation(
                                "package-info",
                                source.path(),
                                1,
                                source.packageName(),
                                "add a package-info.java: what lives here, whose threads, where"
                                        + " to start"))
                .toList();
    }

    private static void checkMarkdown(Path file, String name, List<Violation> found) {
        var prose = withoutCodeBlocks(WorkingTree.read(file));
        long titles = prose.lines().filter(line -> line.startsWith("# ")).count();
        if (titles != 1) {
            found.add(
                    new Violation(
                            "one-title",
                            name,
                            1,
                            titles + " lines begin with `# `",
                            "have just one"));
        }
        int number = 0;
        for (var line : prose.lines().toList()) {
            number++;
            var link = LINK.matcher(line);
            while (link.find()) {
                var path = link.group(1).replaceFirst("#.*", "");
                boolean isElsewhere = path.isEmpty() || path.matches("[a-z]+:.*");
                if (!isElsewhere && !Files.exists(file.resolveSibling(path))) {
                    found.add(
                            new Violation(
                                    "dead-link",
                                    name,
                                    number,
                                    path,
                                    "no such file: mend the link"));
                }
            }
        }
    }

    private static void checkPaths(String name, String text, List<Violation> found) {
        int number = 0;
        for (var line : text.lines().toList()) {
            number++;
            var path = MACHINE_PATH.matcher(line);
            if (path.find()) {
                found.add(
                        new Violation(
                                "machine-path",
                                name,
                                number,
                                path.group(),
                                "no path of one machine belongs into the tree"));
            }
        }
    }

    /// The text with fenced blocks emptied, their line ends kept.
    private static String withoutCodeBlocks(String text) {
        var out = new StringBuilder();
        boolean isCode = false;
        for (var line : text.lines().toList()) {
            boolean isFence = line.strip().startsWith("```");
            out.append(isCode || isFence ? "" : line).append('\n');
            isCode ^= isFence;
        }
        return out.toString();
    }
}
