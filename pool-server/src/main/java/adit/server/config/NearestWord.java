package adit.server.config;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// The word somebody probably meant: the one with the fewest letters to insert, drop or change, and none where more
/// than half of the letters would be.
final class NearestWord {
    private NearestWord() {}

    static Optional<String> to(String written, List<String> words) {
        return words.stream()
                .filter(word ->
                        2 * distance(written, word) <= Math.max(written.length(), word.length()))
                .min(Comparator.comparingInt(word -> distance(written, word)));
    }

    static int distance(String a, String b) {
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
            }
            above = row;
        }
        return above[b.length()];
    }
}
