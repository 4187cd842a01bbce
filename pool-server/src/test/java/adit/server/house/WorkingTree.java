package adit.server.house;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/// The files of the project as they lie on disk, without what builds and tools put beside them.
record WorkingTree(Path root, List<Path> files) {
    private static final Set<String> NOT_OURS =
            Set.of("target", ".git", "data", ".idea", ".vscode", ".cache", "node_modules");

    /// The tree around the directory the tests run in: the first one upwards that holds the launcher.
    static WorkingTree here() {
        var directory = Path.of("").toAbsolutePath();
        while (!Files.isRegularFile(directory.resolve("adit"))) {
            directory = directory.getParent();
            if (directory == null) {
                throw new IllegalStateException("no directory above the tests holds ./adit");
            }
        }
        return at(directory);
    }

    static WorkingTree at(Path root) {
        var files = new ArrayList<Path>();
        try {
            Files.walkFileTree(
                    root,
                    new SimpleFileVisitor<>() {
                        @Override
                        public FileVisitResult preVisitDirectory(
                                Path directory, BasicFileAttributes attributes) {
                            boolean isOurs =
                                    directory.equals(root)
                                            || !NOT_OURS.contains(
                                                    directory.getFileName().toString());
                            return isOurs ? FileVisitResult.CONTINUE : FileVisitResult.SKIP_SUBTREE;
                        }

                        @Override
                        public FileVisitResult visitFile(
                                Path file, BasicFileAttributes attributes) {
                            files.add(file);
                            return FileVisitResult.CONTINUE;
                        }
                    });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        files.sort(null);
        return new WorkingTree(root, files);
    }

    List<SourceFile> sources() {
        var texts = new TreeMap<String, String>();
        for (var file : files) {
            if (name(file).endsWith(".java")) {
                texts.put(name(file), read(file));
            }
        }
        return SourceFile.parse(texts);
    }

    /// The path of a file within the tree, with `/`.
    String name(Path file) {
        return root.relativize(file).toString().replace('\\', '/');
    }

    String read(String name) {
        return read(root.resolve(name));
    }

    static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static long sizeBytes(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
