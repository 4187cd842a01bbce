/// From a node's template to a job that miners work on.
///
/// [JobMaker] owns the `jobs` thread; [JobBoard] hands each job to the event loops, which read it
/// without locks; [ExtranonceSpace] keeps every channel's work apart from every other's. Imports
/// `adit.pow`, `adit.node`, `config` and `metrics`. Start at [JobMaker].
@NullMarked
package adit.server.job;

import org.jspecify.annotations.NullMarked;
