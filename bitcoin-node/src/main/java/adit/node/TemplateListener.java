package adit.node;

import adit.pow.Hash;
import adit.pow.Template;

/// What is told of templates: the newest one that may be mined, or that there is none.
///
/// **Seam:** called on the desk thread of a [NodeSet]; must return at once and hand over to its own thread.
public interface TemplateListener {
    /// A template to mine from now on. The first on a new tip may have no transactions yet.
    void template(Template template);

    /// Waits until miners have been told of the first job on this tip, or for a moment at most.
    ///
    /// A node's thread calls it before it reads the transactions of the template that follows: they are
    /// megabytes, and where cores are few would take from the miners the moment that matters most.
    default void awaitTold(Hash tip) throws InterruptedException {}

    /// No node has a template that may be mined. Told once; the next template ends it.
    void noTemplate(String why);
}
