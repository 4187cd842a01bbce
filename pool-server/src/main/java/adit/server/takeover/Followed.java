package adit.server.takeover;

import java.time.Duration;

import adit.server.control.ControlCommand.Refusal;

/// What the parts of a pool do while another process follows it, step by step.
///
/// **Seam:** the composition root implements it; tests say what is to be handed over.
/// **Owner:** called by one conversation at a time.
public interface Followed {

    /// Another process may begin an epoch in the data directory from now on.
    ///
    /// @throws Refusal where this pool cannot be followed now
    void leaveDirectory() throws Refusal;

    /// Accepts no connection for the time being. What arrives waits in the sockets.
    HandedOver stopAccepting();

    /// The other process serves: gives up what only one can have.
    void retire();

    /// Lets miners go over this time, and then ends.
    void drain(Duration over);

    /// Whoever followed is gone: everything as before, from whatever step it had come to.
    void goOn(String why);
}
