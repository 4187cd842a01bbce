/// The subcommands of `./adit`, one class each.
@NullMarked
package adit.server.command;

import org.jspecify.annotations.NullMarked;
