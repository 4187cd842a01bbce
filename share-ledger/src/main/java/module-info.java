import org.jspecify.annotations.NullMarked;

/// The durable truth: the share journal on disk, its PostgreSQL projection, the double-entry books.
@NullMarked
module adit.ledger {
    requires static transitive org.jspecify;
    requires static org.checkerframework.checker.qual;
    requires transitive java.sql;
    requires java.naming;
    requires org.postgresql.jdbc;
    requires flyway.core;
    requires org.apache.commons.compress;
    requires org.tukaani.xz;
    requires org.slf4j;

    exports adit.ledger.journal;
    exports adit.ledger.postgres;
}
