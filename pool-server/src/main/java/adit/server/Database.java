package adit.server;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;

import adit.server.config.PoolConfig;

/// The connections to PostgreSQL. Opening it does not need the server to be there: taking shares never does.
public final class Database implements AutoCloseable {

    private static final long WAIT_FOR_CONNECTION_MILLIS = 5_000;

    private final HikariDataSource connections;

    private Database(HikariConfig settings) {
        settings.setPoolName("database");
        settings.setConnectionTimeout(WAIT_FOR_CONNECTION_MILLIS);
        settings.setInitializationFailTimeout(-1);
        connections = new HikariDataSource(settings);
    }

    public static Database connect(PoolConfig.Database database) {
        var settings = new HikariConfig();
        settings.setJdbcUrl(database.url());
        settings.setUsername(database.user());
        settings.setPassword(database.password().text());
        settings.setMaximumPoolSize(database.connections());
        return new Database(settings);
    }

    /// Connections to a database somebody else has opened.
    public static Database over(DataSource source, int connections) {
        var settings = new HikariConfig();
        settings.setDataSource(source);
        settings.setMaximumPoolSize(connections);
        return new Database(settings);
    }

    public DataSource connections() {
        return connections;
    }

    @Override
    public void close() {
        connections.close();
    }
}
