package adit.server.bench;

import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The end of what a pool has said, for whoever is told that a bench has failed.
///
/// A JVM that writes down what it has learnt says more than any pool: a line for each class that it leaves out, and
/// its class path. **Limits:** [#MOST_LINES] of [#MOST_CHARS].
final class LastWords {

    static final int MOST_LINES = 30;
    static final int MOST_CHARS = 300;

    private static final Pattern OF_THE_JVM = Pattern.compile("\\[[0-9.,]+s]\\[");

    private LastWords() {}

    /// @param log all that the process has said
    static String of(String log) {
        var lines = log.lines().filter(line -> !OF_THE_JVM.matcher(line).lookingAt()).toList();
        return lines.stream()
                .skip(Math.max(0, lines.size() - MOST_LINES))
                .map(line -> line.substring(0, Math.min(line.length(), MOST_CHARS)))
                .collect(Collectors.joining("\n"));
    }
}
