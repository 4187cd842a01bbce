/// Bitcoin nodes as the pool sees them: templates come in, blocks go out.
///
/// Start at [adit.node.NodeSet]: several nodes in order of preference, one of them in use. Every node has its own
/// `NodeClient` with three threads that wait (health, long poll, ZMQ), and one immutable `NodeView` they replace;
/// the desk thread of the set looks at all views and tells the one [adit.node.TemplateListener]. Blocks are submitted
/// on a virtual thread per node.
///
/// May import `adit.pow`, Jackson, JeroMQ. Bitcoin Core's words for things are kept; what other nodes say differently
/// is translated in the class that reads it.
package adit.node;
