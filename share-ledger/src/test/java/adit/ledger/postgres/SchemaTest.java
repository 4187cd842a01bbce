package adit.ledger.postgres;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class SchemaTest {
    @Test
    void migratesTwiceWithoutComplaint() throws Exception {
        try (var database = TestDatabase.create()) {
            Schema.migrate(database.dataSource());

            try (var connection = database.dataSource().getConnection();
                    var statement = connection.createStatement();
                    var rows = statement.executeQuery("SELECT count(*) FROM pool.account")) {
                rows.next();
                assertThat(rows.getLong(1)).isZero();
            }
        }
    }
}
