/// Fuzzing: the V1 line decoder, a whole connection and the configuration parser, fed with anything.
///
/// A target says what must hold whatever comes in; [Fuzzer] has Jazzer look for what breaks it, in a process of its own.
/// Start at [FuzzTest].
@NullMarked
package adit.server.fuzz;

import org.jspecify.annotations.NullMarked;
