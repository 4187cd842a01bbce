package adit.server;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import adit.node.ChainParameters;
import adit.node.FreePorts;

import static org.assertj.core.api.Assertions.assertThat;

/// `docs/operating/metrics.md` is what a running pool answers at `/metrics`. Where it is not, the wanted file is left in
/// `target/`.
final class MetricsDocumentTest {
    private static final Path COMMITTED = Path.of("..", "docs", "operating", "metrics.md");
    private static final Path WANTED = Path.of("target", "metrics.md");
    private static final Pattern LABEL = Pattern.compile("([a-z_]+)=\"[^\"]*\"");

    /// They come with the first collection, and not with every collector.
    private static final Set<String> AFTER_A_COLLECTION =
            Set.of(
                    "jvm_gc_pause_seconds",
                    "jvm_gc_pause_seconds_max",
                    "jvm_gc_concurrent_phase_time_seconds",
                    "jvm_gc_concurrent_phase_time_seconds_max");

    @TempDir private Path directory;

    /// What stands at `/metrics` under one name.
    private record Family(String description, String type, Set<String> labels) {}

    @Test
    void documentsExactlyTheMetersOfARunningPool() throws Exception {
        var wanted = document(families(scrape()));
        Files.writeString(WANTED, wanted);

        assertThat(COMMITTED)
                .as("copy pool-server/%s to docs/operating", WANTED)
                .exists()
                .content()
                .isEqualTo(wanted);
    }

    @Test
    void describesEveryMeter() throws Exception {
        assertThat(families(scrape()))
                .allSatisfy((name, family) -> assertThat(family.description()).isNotBlank());
    }

    private static String document(SortedMap<String, Family> families) {
        var text =
                new StringBuilder(
                        """
                        # The meters

                        What a running pool answers at `GET /metrics`, in the format of Prometheus. No worker or miner is ever a
                        label; listeners, nodes and database pools are, by their names in the configuration. A summary has
                        `_count` and `_sum`, and the quantiles 0.5 and 0.99 of the last minutes. [What to watch](monitoring.md).
                        """);
        var parts = new LinkedHashMap<String, String>();
        parts.put("adit_", "The pool");
        parts.put("hikaricp_", "Connections to PostgreSQL");
        parts.put("", "The process");
        var told = new TreeSet<String>();
        parts.forEach((prefix, title) -> {
            text.append(
                    "\n## %s\n\n| meter | type | labels | |\n|---|---|---|---|\n".formatted(title));
            families.forEach((name, family) -> {
                if (name.startsWith(prefix) && told.add(name)) {
                    text.append(
                            "| `%s` | %s | %s | %s |\n"
                                    .formatted(
                                            name,
                                            family.type(),
                                            String.join(", ", family.labels()),
                                            family.description()));
                }
            });
        });
        return text
                + "\nAfter the first collection of garbage `jvm_gc_pause_seconds` is there too, and with some collectors\n"
                + "`jvm_gc_concurrent_phase_time_seconds`.\n";
    }

    private static SortedMap<String, Family> families(String scraped) {
        var families = new TreeMap<String, Family>();
        var help = new TreeMap<String, String>();
        for (var line : scraped.lines().toList()) {
            var words = line.split(" ", 4);
            if (line.startsWith("# HELP ")) {
                help.put(words[2], words.length > 3 ? words[3] : "");
            } else if (line.startsWith("# TYPE ")) {
                families.put(
                        words[2],
                        new Family(help.getOrDefault(words[2], ""), words[3], new TreeSet<>()));
            } else if (!line.startsWith("#")) {
                addLabels(families, line);
            }
        }
        families.keySet().removeAll(AFTER_A_COLLECTION);
        return families;
    }

    private static void addLabels(Map<String, Family> families, String sample) {
        int end = sample.indexOf('{');
        if (end < 0) {
            return;
        }
        var name = sample.substring(0, end);
        var family =
                Objects.requireNonNull(
                        families.getOrDefault(
                                name, families.get(name.replaceFirst("_(sum|count)$", ""))),
                        sample);
        LABEL.matcher(sample)
                .results()
                .map(label -> label.group(1))
                .filter(label -> !label.equals("quantile"))
                .forEach(family.labels()::add);
    }

    private String scrape() throws Exception {
        int webPort = FreePorts.any();
        var config = SampleConfig.read(directory, FreePorts.any(), webPort, "");
        try (var database = Database.connect(config.database());
                var pool =
                        new PoolServer(config, ChainParameters.of("regtest"), database, () -> {});
                var client = HttpClient.newHttpClient()) {
            pool.start();
            var request =
                    HttpRequest.newBuilder(
                                    URI.create("http://127.0.0.1:%d/metrics".formatted(webPort)))
                            .build();
            return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
        }
    }
}
