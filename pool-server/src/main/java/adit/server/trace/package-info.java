/// What goes over chosen wires, line by line, in files a person can read.
///
/// [WireTraces] knows which traces run; a session asks it for a [Tap] when it begins, logs in, or a trace begins or
/// ends, and has none otherwise. A [WireTrace] writes its file on a thread of its own, from a bounded queue: event
/// loops only copy bytes. Start at [WireTraces].
@NullMarked
package adit.server.trace;

import org.jspecify.annotations.NullMarked;
