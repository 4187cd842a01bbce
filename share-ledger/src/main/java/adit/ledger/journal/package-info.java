/// Placeholder.
package adit.ledger.journal;
