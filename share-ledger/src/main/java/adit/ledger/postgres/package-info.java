/// Placeholder.
package adit.ledger.postgres;
