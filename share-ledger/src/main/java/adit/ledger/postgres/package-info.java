/// The share journal's projection into PostgreSQL, the double-entry books, and the server they may run in.
///
/// Start reading at [adit.ledger.postgres.ShareProjector], then [adit.ledger.postgres.Books]; the tables are in
/// `adit/ledger/migrations` and explained in `docs/internals/ledger-model.md`. The projector and the settler each
/// own one thread and one connection; every other class here is a bag of statements run on its caller's connection,
/// inside its caller's transaction. Imports `adit.ledger.journal` for the records and the JDK otherwise.
package adit.ledger.postgres;
