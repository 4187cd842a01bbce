package adit.server.net;

import adit.pow.Hash;
import adit.pow.HeaderPlan;
import adit.pow.MerkleBranch;
import adit.stratum.MalformedMessage;
import adit.stratum.v1.V1Notify;
import adit.stratum.v1.V1ServerDecoder;
import adit.stratum.v1.V1ServerMessage;

import static java.nio.charset.StandardCharsets.UTF_8;

/// What a miner of the tests makes of the pool's lines, knowing nothing but what it was sent.
final class MinersEar {
    private final V1ServerDecoder decoder = new V1ServerDecoder();

    V1ServerMessage hear(String line) {
        var bytes = line.getBytes(UTF_8);
        try {
            return decoder.decode(bytes, 0, bytes.length);
        } catch (MalformedMessage no) {
            throw new AssertionError("the pool sent what no miner can read: " + line, no);
        }
    }

    /// All of a job's headers that the miner does not choose.
    static HeaderPlan plan(V1Notify job, int extranonceBytes) {
        return new HeaderPlan(
                Hash.of(job.previousHash()),
                job.coinbasePrefix(),
                extranonceBytes,
                job.coinbaseSuffix(),
                MerkleBranch.ofSiblings(job.branch().stream().map(Hash::of).toList()),
                job.nBits());
    }
}
