package adit.node;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.OptionalInt;

import tools.jackson.databind.JsonNode;

import adit.pow.Hash;

/// What tests do to a regtest node that the pool never does: mine at will, pay, turn the chain round.
public final class NodeControl {
    private static final Duration DEADLINE = Duration.ofSeconds(20);

    private final JsonRpc rpc;

    private NodeControl(JsonRpc rpc) {
        this.rpc = rpc;
    }

    public static NodeControl of(NodeSettings settings) {
        return new NodeControl(JsonRpc.to(settings));
    }

    public String newAddress() {
        return call("getnewaddress").asString("");
    }

    public void generate(int blocks, String address) {
        call("generatetoaddress", blocks, address);
    }

    public void send(String address, BigDecimal coins) {
        call("sendtoaddress", address, coins);
    }

    public void invalidate(Hash block) {
        call("invalidateblock", block.displayHex());
    }

    public void reconsider(Hash block) {
        call("reconsiderblock", block.displayHex());
    }

    public Hash tip() {
        return Hash.fromDisplayHex(call("getbestblockhash").asString(""));
    }

    /// Empty where the node does not know the block (yet).
    public OptionalInt confirmations(String block) {
        try {
            return OptionalInt.of(call("getblockheader", block).path("confirmations").asInt());
        } catch (NodeRejected e) {
            if (e.code() == NodeRejected.NOT_FOUND) {
                return OptionalInt.empty();
            }
            throw e;
        }
    }

    /// Any other call.
    public JsonNode call(String method, Object... params) {
        return rpc.tree(RpcRequest.of(method, params), DEADLINE);
    }
}
