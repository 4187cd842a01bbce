package adit.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// A disk of a few megabytes in memory, mounted where only the process that is started on it sees it.
///
/// Each method gives the words that start a process so; they work as root and, through a user namespace, as anybody.
final class SmallDisk {
    private SmallDisk() {}

    static List<String> ofMegabytes(int megabytes, Path mountPoint) throws IOException {
        return mounted("size=" + megabytes + "m", mountPoint);
    }

    static List<String> readOnly(Path mountPoint) throws IOException {
        return mounted("ro", mountPoint);
    }

    private static List<String> mounted(String options, Path mountPoint) throws IOException {
        boolean isRoot = Files.getOwner(Path.of("/proc/self")).getName().equals("root");
        return List.of(
                "unshare",
                isRoot ? "-m" : "-Urm",
                "sh",
                "-c",
                "mount -t tmpfs -o %s none '%s' && exec \"$@\"".formatted(options, mountPoint),
                "sh");
    }
}
