/// Placeholder.
package adit.node.embedded;
