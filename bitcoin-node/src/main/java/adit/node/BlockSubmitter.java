package adit.node;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

import adit.pow.Hash;

/// The submission of a block to one node: hands it over, then makes sure what became of it.
///
/// **Owner:** none; called on one virtual thread per node and block.
final class BlockSubmitter {
    private record Verdict(SubmitOutcome outcome, String detail) {}

    private final InstantSource clock;

    BlockSubmitter(InstantSource clock) {
        this.clock = clock;
    }

    SubmitResult submit(String node, NodeRpc rpc, RpcRequest submitBlock, Hash hash) {
        var began = clock.instant();
        var verdict = verdict(rpc, submitBlock, hash);
        return new SubmitResult(
                node, verdict.outcome, verdict.detail, Duration.between(began, clock.instant()));
    }

    private static Verdict verdict(NodeRpc rpc, RpcRequest submitBlock, Hash hash) {
        try {
            var word = rpc.submit(submitBlock);
            var said = word.orElse("accepted");
            return switch (word.map(SubmitAnswer::of).orElse(SubmitAnswer.TAKEN)) {
                case REFUSED -> new Verdict(SubmitOutcome.REFUSED, said);
                case TAKEN, UNSURE, NOT_YET -> whereabouts(rpc, hash, said);
            };
        } catch (NodeRejected e) {
            return e.code() == NodeRejected.UNDECODABLE
                    ? new Verdict(SubmitOutcome.REFUSED, e.why())
                    : new Verdict(SubmitOutcome.UNAVAILABLE, e.why());
        } catch (NodeUnavailable e) {
            return afterSilence(rpc, hash, e);
        } catch (RuntimeException e) {
            // Our own mistake; the other nodes and the next attempt must not suffer from it.
            return new Verdict(
                    SubmitOutcome.UNAVAILABLE,
                    "answered in a way this version cannot handle: " + e);
        }
    }

    // The connection may have broken after the block was read.
    private static Verdict afterSilence(NodeRpc rpc, Hash hash, NodeUnavailable silence) {
        var found = whereabouts(rpc, hash, silence.why());
        return found.outcome == SubmitOutcome.UNDECIDED
                ? new Verdict(SubmitOutcome.UNAVAILABLE, silence.why())
                : found;
    }

    private static Verdict whereabouts(NodeRpc rpc, Hash hash, String said) {
        Optional<NodeRpc.Header> header;
        try {
            header = rpc.header(hash);
        } catch (NodeUnavailable | NodeRejected e) {
            return new Verdict(SubmitOutcome.UNDECIDED, said + ", but could not be asked again");
        }
        return header.map(found ->
                        new Verdict(
                                found.confirmations() > 0
                                        ? SubmitOutcome.ACCEPTED
                                        : SubmitOutcome.FORK,
                                said))
                .orElse(
                        new Verdict(
                                SubmitOutcome.UNDECIDED, said + ", but does not know the block"));
    }
}
