package adit.server.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Keeps the measured and the measuring apart: the pool on core 0, everything else on core 1.
///
/// Where there is no `taskset` or only one core nothing is kept apart, and [#describe] says so.
public final class Cores {

    private static final String POOL = "0";
    private static final String REST = "1";

    private final boolean pinned;

    private Cores(boolean pinned) {
        this.pinned = pinned;
    }

    /// Moves this process, with all it has begun and will begin, to the core of the load.
    public static Cores apart() {
        if (Runtime.getRuntime().availableProcessors() < 2) {
            return new Cores(false);
        }
        var pid = Long.toString(ProcessHandle.current().pid());
        return new Cores(succeeds(List.of("taskset", "-acp", REST, pid)));
    }

    /// Nothing is moved.
    static Cores asTheyAre() {
        return new Cores(false);
    }

    /// The same command, to be run on the pool's core.
    List<String> onPoolCore(List<String> command) {
        if (!pinned) {
            return command;
        }
        var pinnedCommand = new ArrayList<>(List.of("taskset", "-c", POOL));
        pinnedCommand.addAll(command);
        return pinnedCommand;
    }

    String describe() {
        return pinned
                ? "pool on core 0; load, node double and PostgreSQL on core 1"
                : "pool and load NOT kept on cores of their own (needs taskset and two cores)";
    }

    private static boolean succeeds(List<String> command) {
        try {
            var process =
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start();
            return process.waitFor() == 0;
        } catch (IOException absent) {
            return false;
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
