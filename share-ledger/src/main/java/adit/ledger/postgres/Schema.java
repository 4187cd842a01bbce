package adit.ledger.postgres;

import javax.sql.DataSource;

import org.flywaydb.core.Flyway;

/// The tables of the pool, all in the database schema `pool`, brought to this version's shape by numbered migrations.
public final class Schema {
    static final String NAME = "pool";

    private Schema() {}

    /// Applies what is missing; several servers may do so at once, one of them does it and the others wait.
    public static void migrate(DataSource database) {
        Flyway.configure(Schema.class.getClassLoader())
                .dataSource(database)
                .schemas(NAME)
                .locations("classpath:adit/ledger/migrations")
                .sqlMigrationSuffixes(".sql")
                .validateMigrationNaming(true)
                .cleanDisabled(true)
                .load()
                .migrate();
    }
}
