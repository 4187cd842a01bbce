/// Small files in the data directory that outlive a restart and are always whole.
///
/// [SnapshotFile] is a list of text lines with a name, a version and a checksum; [WholeFile] is how any file
/// is replaced in one piece. Both are used by the thread that owns what they hold, never by an event loop.
/// Start at [SnapshotFile].
@NullMarked
package adit.server.keep;

import org.jspecify.annotations.NullMarked;
