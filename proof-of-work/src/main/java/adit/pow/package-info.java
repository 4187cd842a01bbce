/// Proof of work
package adit.pow;
