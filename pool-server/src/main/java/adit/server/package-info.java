/// The running pool.
@NullMarked
package adit.server;

import org.jspecify.annotations.NullMarked;
