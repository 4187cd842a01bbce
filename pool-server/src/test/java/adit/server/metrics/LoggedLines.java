package adit.server.metrics;

import java.util.List;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/// What the pool logs from when this is made until it is closed, tests that run beside included.
public final class LoggedLines implements AutoCloseable {

    private final Logger logger = (Logger) LoggerFactory.getLogger("adit");
    private final ListAppender<ILoggingEvent> events = new ListAppender<>();
    private final boolean setsLevel;

    public LoggedLines() {
        this(null);
    }

    /// From this level on, whatever level the tests log at.
    public LoggedLines(@Nullable Level level) {
        setsLevel = level != null;
        if (setsLevel) {
            logger.setLevel(level);
        }
        events.start();
        logger.addAppender(events);
    }

    public List<String> all() {
        synchronized (events) {
            return events.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
        }
    }

    /// Those that say this.
    public List<String> saying(String words) {
        return all().stream().filter(line -> line.contains(words)).toList();
    }

    /// How many of them say this.
    public long count(String words) {
        return saying(words).size();
    }

    @Override
    public void close() {
        logger.detachAppender(events);
        if (setsLevel) {
            logger.setLevel(null);
        }
    }
}
