package adit.payout;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/// Runs `golden/payouts.txt`, the table of payouts a person can check with a pencil.
final class GoldenPayoutsTest {
    private static final Pattern WORK = Pattern.compile("(\\d+)\\*(\\d+)/(\\d+)@(\\d+)");
    private static final Pattern PPLNS = Pattern.compile("PPLNS\\(([^,]+),([^,]+),([^)]+)\\)");

    @Test
    void paysAsTheTableSays() throws IOException {
        var rows = rows();

        for (var row : rows) {
            var columns = row.split("\\|", -1);
            var finder = columns[2].strip().split(":", -1);
            var distribution =
                    Settlement.distribute(
                            scheme(columns[0].strip()),
                            Long.parseLong(columns[1].strip()),
                            work(columns[3]),
                            new Finder(Long.parseLong(finder[0]), Integer.parseInt(finder[1])));

            assertThat(words(distribution)).as(row).isEqualTo(columns[4].strip());
        }
        assertThat(rows).hasSize(21);
    }

    private static List<String> rows() throws IOException {
        var in = GoldenPayoutsTest.class.getResourceAsStream("/golden/payouts.txt");
        try (var lines =
                new BufferedReader(
                        new InputStreamReader(
                                Objects.requireNonNull(in), StandardCharsets.UTF_8))) {
            return lines.lines().filter(line -> !line.isBlank() && !line.startsWith("#")).toList();
        }
    }

    private static Scheme scheme(String text) {
        var pplns = PPLNS.matcher(text);
        if (pplns.matches()) {
            return new Pplns(
                    Rational.parse(pplns.group(1)),
                    Pplns.Cutoff.valueOf(pplns.group(2)),
                    Pplns.Underfull.valueOf(pplns.group(3)));
        }
        if (text.startsWith("SOLO(")) {
            return new Solo(Long.parseLong(text.substring(5, text.length() - 1)));
        }
        return switch (text) {
            case "PROP" -> new Proportional();
            case "PPS" -> new Pps();
            case "FPPS" -> new Fpps(FeeRule.USUAL);
            default -> throw new IllegalArgumentException(text);
        };
    }

    private static List<WorkSlice> work(String text) {
        var slices = new ArrayList<WorkSlice>();
        var matcher = WORK.matcher(text);
        for (long order = 1_000; matcher.find(); order--) {
            var network = NetworkDifficulty.of(Rational.of(Long.parseLong(matcher.group(3))));
            slices.add(
                    WorkSlice.ofShares(
                            Long.parseLong(matcher.group(1)),
                            Integer.parseInt(matcher.group(4)),
                            new OrderRange(order, order),
                            1,
                            Long.parseLong(matcher.group(2)) << WorkSlice.UNIT_BITS,
                            network,
                            0));
        }
        return slices;
    }

    private static String words(Distribution distribution) {
        var words = new ArrayList<String>();
        words.add("fee=" + distribution.feeMsat());
        distribution.creditsMsat().forEach((account, msat) -> words.add(account + "=" + msat));
        words.add("operator=" + distribution.operatorMsat());
        words.add("unattributed=" + distribution.unattributedMsat());
        words.removeIf(word -> word.endsWith("=0"));
        return String.join("; ", words);
    }
}
