package adit.ledger.postgres;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/// Shares a second from a journal into a [LocalPostgres] with safe settings and every index; a plain program.
///
/// `java -cp … adit.ledger.postgres.ProjectorBench DIRECTORY [SHARES [WORKERS [BATCH]]]`
final class ProjectorBench {
    private ProjectorBench() {}

    public static void main(String[] arguments) throws Exception {
        Path directory = Files.createTempDirectory(Path.of(arguments[0]), "bench-");
        int shares = argument(arguments, 1, 600_000);
        int workers = argument(arguments, 2, 2_000);
        int batch = argument(arguments, 3, 10_000);
        try (var postgres =
                LocalPostgres.start(
                        directory, Path.of(arguments[0]), LocalPostgres.Flavour.DURABLE)) {
            Schema.migrate(postgres.dataSource());
            var source = source(shares, workers);
            var projector = new ShareProjector(postgres.dataSource(), source, batch, Thread::sleep);
            int warm = 0;
            while (warm < shares / 5) {
                warm += projector.runOnce();
            }
            long began = System.nanoTime();
            long records = 0;
            for (int stored = projector.runOnce(); stored > 0; stored = projector.runOnce()) {
                records += stored;
            }
            var took = Duration.ofNanos(System.nanoTime() - began);
            try (var connection = postgres.dataSource().getConnection();
                    var statement = connection.createStatement();
                    var rows = statement.executeQuery("SELECT count(*) FROM pool.slice")) {
                rows.next();
                System.out.printf(
                        Locale.ROOT,
                        "BENCH %d shares of %d workers in batches of %d: %.0f shares/s (%d slices)%n",
                        records,
                        workers,
                        batch,
                        records * 1e9 / took.toNanos(),
                        rows.getLong(1));
            }
        } finally {
            PostgresSoftware.deleteTree(directory);
        }
    }

    /// Shares 20 µs apart, 50,000 a second of journal time, so that the minutes fill as they would.
    private static FakeShareSource source(int shares, int workers) {
        var source = new FakeShareSource(1).at(Instant.parse("2026-11-21T23:59:56Z")).beginEpoch();
        for (int worker = 1; worker <= workers; worker++) {
            source.account(worker, "account-" + worker);
            source.worker(worker, worker, "rig", "PPLNS", 100);
        }
        for (int i = 0; i < shares; i++) {
            if (i % 50_000 == 0) {
                source.job(i / 50_000 + 1, 0x1703_4219, 312_500_000);
            }
            int worker = 1 + (int) (((i * 2_654_435_761L) >>> 8) % workers);
            source.later(20).share(worker, worker, i / 50_000 + 1, 1L << 40);
        }
        return source;
    }

    private static int argument(String[] arguments, int index, int otherwise) {
        return arguments.length > index ? Integer.parseInt(arguments[index]) : otherwise;
    }
}
