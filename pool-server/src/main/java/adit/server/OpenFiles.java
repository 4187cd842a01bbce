package adit.server;

import java.lang.management.ManagementFactory;

import com.sun.management.UnixOperatingSystemMXBean;

import adit.server.config.Limits;
import adit.server.metrics.EventLog;

/// The open files of this process, and how many the system allows it.
final class OpenFiles {

    private OpenFiles() {}

    /// Without a bound where the system tells none.
    static long most() {
        return ManagementFactory.getOperatingSystemMXBean()
                        instanceof UnixOperatingSystemMXBean system
                ? system.getMaxFileDescriptorCount()
                : Integer.MAX_VALUE;
    }

    /// So many connections as the operator wants, as far as the system allows files for them.
    static int connections(int wanted, EventLog events) {
        long files = most();
        long allowed = forMiners(files);
        if (allowed < wanted) {
            events.fewFiles(files, allowed, wanted);
        }
        return (int) Math.min(allowed, wanted);
    }

    /// What miners may have of so many: never what the journal, the database, nodes and the web side need, and
    /// half where there are too few for that.
    static long forMiners(long files) {
        long tenth = files - files * Limits.CONNECTIONS_PERCENT_OF_FILES / 100;
        return Math.max(files - Math.max(tenth, Limits.FILES_OF_THE_POOL), files / 2);
    }

    static long open() {
        return ManagementFactory.getOperatingSystemMXBean()
                        instanceof UnixOperatingSystemMXBean system
                ? system.getOpenFileDescriptorCount()
                : 0;
    }
}
