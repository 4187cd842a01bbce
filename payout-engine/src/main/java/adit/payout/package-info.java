/// Placeholder.
package adit.payout;
