/// Placeholder.
package adit.node;
