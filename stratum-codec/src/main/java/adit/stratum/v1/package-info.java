/// Placeholder.
package adit.stratum.v1;
