package adit.server.bench;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// The figures of one run, row by row, each the median of its rounds; said as they come and once more as a
/// table in the end.
///
/// **Owner:** the thread of the bench.
public final class BenchReport {

    private final PrintWriter out;
    private final double scale;
    private final Map<BenchRow, List<Double>> figures = new EnumMap<>(BenchRow.class);
    private final Map<BenchRow, String> notes = new EnumMap<>(BenchRow.class);

    public BenchReport(PrintWriter out, double scale) {
        this.out = out;
        this.scale = scale;
    }

    /// What this machine does of the first yardstick.
    double hashesPerSecond() {
        return scale * Yardsticks.REFERENCE_HASHES_PER_SECOND;
    }

    /// One round of a row.
    ///
    /// @param note what else is worth knowing of it
    void add(BenchRow row, double figure, String note) {
        figures.computeIfAbsent(row, _ -> new ArrayList<>()).add(figure);
        notes.put(row, note);
        say("  %s: %s  %s".formatted(row.title(), number(figure), note));
    }

    /// The median so far, or 0 where there is none.
    double median(BenchRow row) {
        var sorted = figures.getOrDefault(row, List.of()).stream().sorted().toList();
        return sorted.isEmpty() ? 0 : sorted.get(sorted.size() / 2);
    }

    public void say(String line) {
        out.println(line);
        out.flush();
    }

    public void table() {
        say("");
        say("| | wanted here | median (min..max) | |");
        say("|---|---|---|---|");
        for (var row : figures.keySet()) {
            var sorted = figures.getOrDefault(row, List.of()).stream().sorted().toList();
            double wanted = row.wanted(scale);
            var range =
                    "%s (%s..%s)"
                            .formatted(
                                    number(median(row)),
                                    number(sorted.getFirst()),
                                    number(sorted.getLast()));
            say(
                    "| %s | %s | %s | %s |"
                            .formatted(
                                    row.title(),
                                    wanted == 0
                                            ? "–"
                                            : (row.moreIsBetter() ? "≥ " : "≤ ") + number(wanted),
                                    range,
                                    notes.getOrDefault(row, "")));
        }
    }

    private static String number(double figure) {
        return figure >= 1_000 ? "%,.0f".formatted(figure) : "%.2f".formatted(figure);
    }
}
