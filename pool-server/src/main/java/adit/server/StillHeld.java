package adit.server;

import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

import adit.ledger.journal.JournalUnavailable;
import adit.server.admin.AdminPortUnavailable;
import adit.server.control.ControlUnavailable;
import adit.server.net.PortUnavailable;

/// Opening what another process has just held: one that dies lets go of one thing after the other.
final class StillHeld {

    private static final int ATTEMPTS = 20;
    private static final long PAUSE_NANOS = 250_000_000;

    private StillHeld() {}

    /// Tries for some seconds, then throws what the last attempt did.
    ///
    /// @param givesUp looked at before each further attempt
    static void open(Runnable open, BooleanSupplier givesUp) {
        for (int attempt = 1; ; attempt++) {
            try {
                open.run();
                return;
            } catch (PortUnavailable
                    | AdminPortUnavailable
                    | ControlUnavailable
                    | JournalUnavailable held) {
                if (attempt == ATTEMPTS || givesUp.getAsBoolean()) {
                    throw held;
                }
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }
}
