package adit.server.channel;

import adit.server.account.Payees;

/// The references of everybody among whom the work of one name is divided, share by share.
///
/// **Invariant:** as many references as payees, in their order.
public record DividedCredit(Payees payees, int[] accountRefs, int[] workerRefs) {

    /// Says to whom this share is credited.
    void choose(Submission submission, byte[] headerHash) {
        int chosen = payees.chosenBy(headerHash);
        submission.accountRef = accountRefs[chosen];
        submission.workerRef = workerRefs[chosen];
    }
}
