package adit.server.control;

import java.util.List;

/// What one word does to the running pool.
///
/// **Owner:** called on a virtual thread of its own, several at once; it may wait.
/// **Seam:** the composition root implements one for each command.
@FunctionalInterface
public interface ControlCommand {

    /// Does it.
    ///
    /// @param arguments the words behind the command
    /// @param conversation with who asks, for a command that is more than one answer
    /// @return what the operator reads: lines without an end; empty where all is said
    /// @throws Refusal with one line for the operator
    String run(List<String> arguments, Conversation conversation) throws Refusal;

    /// Why a command does nothing, in one line that says what to do.
    final class Refusal extends Exception {

        private static final long serialVersionUID = 1;

        public Refusal(String message) {
            super(message);
        }
    }
}
