package adit.server.config;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// The word somebody probably meant: the one with the fewest letters to insert, drop, change or swap with the next, and
/// none where half of the letters or more would be.
final class NearestWord {
    private NearestWord() {}

    static Optional<String> to(String written, List<String> words) {
        return words.stream()
                .filter(word ->
                        2 * distance(written, word) < Math.max(written.length(), word.length()))
                .min(Comparator.comparingInt(word -> distance(written, word)));
    }

    static int distance(String a, String b) {
        var twoAbove = new int[b.length() + 1];
        var above = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            above[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            var row = new int[b.length() + 1];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int changed = above[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(changed, 1 + Math.min(above[j], row[j - 1]));
                if (areSwapped(a, i, b, j)) {
                    row[j] = Math.min(row[j], 1 + twoAbove[j - 2]);
                }
            }
            twoAbove = above;
            above = row;
        }
        return above[b.length()];
    }

    /// Whether the two letters before these places are the same, the other way round.
    private static boolean areSwapped(String a, int i, String b, int j) {
        return i > 1
                && j > 1
                && a.charAt(i - 1) == b.charAt(j - 2)
                && a.charAt(i - 2) == b.charAt(j - 1);
    }
}
