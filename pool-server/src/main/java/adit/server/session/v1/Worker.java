package adit.server.session.v1;

import org.jspecify.annotations.Nullable;

import adit.server.channel.DividedCredit;

/// A name a connection has logged in with, and its references in the journal.
///
/// @param sentAs the bytes of the name as the miner wrote it, to know it again without decoding
/// @param fullName the same name for all its spellings, as operators see it
/// @param divided where a split divides its shares; the references beside it are then those of the first
record Worker(
        byte[] sentAs,
        String fullName,
        int accountRef,
        int workerRef,
        @Nullable DividedCredit divided) {}
