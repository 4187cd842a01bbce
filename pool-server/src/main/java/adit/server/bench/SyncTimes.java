package adit.server.bench;

/// How long the journal's write and sync took, as the pool's own metrics say; zeros where they do not.
record SyncTimes(double p50Millis, double p99Millis) {

    static final SyncTimes UNKNOWN = new SyncTimes(0, 0);

    private static final String METER = "adit_journal_commit_seconds{quantile=\"";

    /// @param metrics the text of `/metrics`
    static SyncTimes read(String metrics) {
        return new SyncTimes(millis(metrics, "0.5\""), millis(metrics, "0.99\""));
    }

    @Override
    public String toString() {
        return equals(UNKNOWN)
                ? "fsync not known"
                : "fsync p50 %.2f p99 %.2f ms".formatted(p50Millis, p99Millis);
    }

    private static double millis(String metrics, String quantile) {
        return metrics.lines()
                .filter(line -> line.startsWith(METER + quantile))
                .mapToDouble(line ->
                        Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)) * 1000)
                .findFirst()
                .orElse(0);
    }
}
