package adit.ledger.postgres;

/// **Seam:** how a loop waits between attempts; `Thread::sleep` in production, at once in tests.
public interface Pause {
    void forMillis(long millis) throws InterruptedException;
}
