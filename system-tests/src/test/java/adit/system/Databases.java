package adit.system;

import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import javax.sql.DataSource;

import org.postgresql.ds.PGSimpleDataSource;

/// A test's database as the pool's configuration names it, and as an auditor reads it.
final class Databases {
    private Databases() {}

    static PoolChoices.Database of(DataSource database) {
        var source = (PGSimpleDataSource) database;
        return new PoolChoices.Database(
                source.getURL(),
                String.valueOf(source.getUser()),
                String.valueOf(source.getPassword()));
    }

    /// How often each credited share stands in PostgreSQL.
    static Map<HashHalf, Integer> shares(DataSource database) throws SQLException {
        var counts = new HashMap<HashHalf, Integer>();
        try (var connection = database.getConnection();
                var statement = connection.createStatement();
                var rows =
                        statement.executeQuery(
                                "SELECT hash_half FROM pool.share WHERE class <> 1")) {
            while (rows.next()) {
                counts.merge(new HashHalf(rows.getBytes(1)), 1, Integer::sum);
            }
        }
        return counts;
    }

    /// How many credited shares PostgreSQL holds.
    static long shareCount(DataSource database) throws SQLException {
        try (var connection = database.getConnection();
                var statement = connection.createStatement();
                var rows =
                        statement.executeQuery(
                                "SELECT count(*) FROM pool.share WHERE class <> 1")) {
            rows.next();
            return rows.getLong(1);
        }
    }
}
