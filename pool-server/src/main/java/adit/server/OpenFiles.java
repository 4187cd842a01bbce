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
        long allowed = files * Limits.CONNECTIONS_PERCENT_OF_FILES / 100;
        if (allowed < wanted) {
            events.fewFiles(files, allowed, wanted);
        }
        return (int) Math.min(allowed, wanted);
    }

    static long open() {
        return ManagementFactory.getOperatingSystemMXBean()
                        instanceof UnixOperatingSystemMXBean system
                ? system.getOpenFileDescriptorCount()
                : 0;
    }
}
