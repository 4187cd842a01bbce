package adit.node;

/// How the system asks after a node that may be silent for long: in two minutes it notices that the other machine is
/// gone.
final class KeepAlive {
    static final int IDLE_SECONDS = 60;
    static final int INTERVAL_SECONDS = 20;
    static final int COUNT = 3;

    private KeepAlive() {}
}
