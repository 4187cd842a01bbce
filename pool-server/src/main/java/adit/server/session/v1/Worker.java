package adit.server.session.v1;

/// A name a connection has logged in with, and its references in the journal.
///
/// @param sentAs the bytes of the name as the miner wrote it, to know it again without decoding
record Worker(byte[] sentAs, String account, String name, int accountRef, int workerRef) {

    /// What operators see: `address.worker`.
    String fullName() {
        return name.isEmpty() ? account : account + "." + name;
    }
}
