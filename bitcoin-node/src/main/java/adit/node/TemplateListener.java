package adit.node;

import adit.pow.Template;

/// What is told of templates: the newest one that may be mined, or that there is none.
///
/// **Seam:** called on the desk thread of a [NodeSet]; must return at once and hand over to its own thread.
public interface TemplateListener {
    /// A template to mine from now on. The first on a new tip may have no transactions yet.
    void template(Template template);

    /// No node has a template that may be mined. Told once; the next template ends it.
    void noTemplate(String why);
}
