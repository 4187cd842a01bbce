package adit.system;

import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

import org.postgresql.ds.PGSimpleDataSource;

import adit.ledger.postgres.TestDatabase;

/// A test's database as the pool's configuration names it, and as an auditor reads it.
final class Databases {
    private Databases() {}

    static PoolFiles.Database of(TestDatabase database) {
        var source = (PGSimpleDataSource) database.dataSource();
        return new PoolFiles.Database(
                source.getURL(),
                String.valueOf(source.getUser()),
                String.valueOf(source.getPassword()));
    }

    /// How often each credited share stands in PostgreSQL.
    static Map<HashHalf, Integer> shares(TestDatabase database) throws SQLException {
        var counts = new HashMap<HashHalf, Integer>();
        try (var connection = database.dataSource().getConnection();
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
}
