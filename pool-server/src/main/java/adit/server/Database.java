package adit.server;

import java.util.function.Consumer;
import javax.sql.DataSource;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.micrometer.core.instrument.MeterRegistry;

import adit.server.config.PoolConfig;

/// The connections to PostgreSQL. Opening it does not need the server to be there: taking shares never does.
///
/// Those who only read have a few connections of their own and give up quickly, so that a busy status page
/// never takes a connection from settlement.
public final class Database implements AutoCloseable {

    private static final long WRITERS_WAIT_MILLIS = 5_000;
    private static final long READERS_WAIT_MILLIS = 1_000;
    private static final int READERS = 3;

    private final HikariDataSource writers;
    private final HikariDataSource readers;

    private Database(Consumer<HikariConfig> server, int connections) {
        writers = pool("database", server, connections, WRITERS_WAIT_MILLIS);
        readers = pool("database-readers", server, READERS, READERS_WAIT_MILLIS);
    }

    public static Database connect(PoolConfig.Database database) {
        return new Database(
                pool -> {
                    pool.setJdbcUrl(database.url());
                    pool.setUsername(database.user());
                    pool.setPassword(database.password().text());
                },
                database.connections());
    }

    /// Connections to a database somebody else has opened.
    public static Database over(DataSource source, int connections) {
        return new Database(pool -> pool.setDataSource(source), connections);
    }

    public DataSource connections() {
        return writers;
    }

    DataSource readers() {
        return readers;
    }

    /// Counts what is done with the connections from now on.
    void measure(MeterRegistry registry) {
        writers.setMetricRegistry(registry);
        readers.setMetricRegistry(registry);
    }

    @Override
    public void close() {
        readers.close();
        writers.close();
    }

    private static HikariDataSource pool(
            String name, Consumer<HikariConfig> server, int connections, long waitMillis) {
        var settings = new HikariConfig();
        server.accept(settings);
        settings.setPoolName(name);
        settings.setMaximumPoolSize(connections);
        settings.setMinimumIdle(1);
        settings.setConnectionTimeout(waitMillis);
        settings.setInitializationFailTimeout(-1);
        return new HikariDataSource(settings);
    }
}
