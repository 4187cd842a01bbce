/// Placeholder.
package adit.miner;
