package adit.server.session.v1;

/// Why a connection is not read from for a while.
enum Hold {
    /// The journal has all it may have in flight.
    JOURNAL(1),
    /// It sends more than one may that delivers no accepted work.
    MESSAGES(2),
    /// The pool has more to do than it can, and this one costs more than its part or it is its turn.
    LOAD(4),
    /// It moves to another event loop.
    MOVING(8);

    /// What it is in a set of them.
    final int bit;

    Hold(int bit) {
        this.bit = bit;
    }
}
