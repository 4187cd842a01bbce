package adit.node.embedded;

import java.util.List;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// The methods on the chain's own wallet.
final class WalletRpc {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final long DUST_SATS = 294;

    private final ChainThread thread;
    private final FullNode node;

    WalletRpc(ChainThread thread, FullNode node) {
        this.thread = thread;
        this.node = node;
    }

    List<RpcMethod> methods() {
        return List.of(
                new RpcMethod(
                        "getnewaddress", List.of("label", "address_type"), this::getNewAddress),
                new RpcMethod("getbalance", List.of(), this::getBalance),
                new RpcMethod(
                        "sendtoaddress",
                        List.of("address", "amount", "comment", "comment_to"),
                        this::sendToAddress));
    }

    private JsonNode getNewAddress(RpcParameters parameters) {
        var type = parameters.find("address_type").map(RpcParameters::string).orElse("bech32");
        if (!type.equals("bech32")) {
            throw new RpcError(
                    RpcError.INVALID_ADDRESS_OR_KEY, "Unknown address type '" + type + "'");
        }
        return JSON.stringNode(thread.call(node::newAddress));
    }

    private JsonNode getBalance(RpcParameters parameters) {
        return JSON.numberNode(Amounts.bitcoins(thread.call(node.wallet()::spendableSats)));
    }

    private JsonNode sendToAddress(RpcParameters parameters) {
        var address = parameters.string("address");
        var script = Wallet.scriptOf(address);
        if (script.isEmpty()) {
            throw new RpcError(
                    RpcError.INVALID_ADDRESS_OR_KEY, "Invalid Bitcoin address: " + address);
        }
        long sats = Amounts.sats(parameters.required("amount"));
        if (sats == 0) {
            throw new RpcError(RpcError.TYPE, "Invalid amount for send");
        }
        if (sats < DUST_SATS) {
            throw new RpcError(RpcError.INSUFFICIENT_FUNDS, "Transaction amount too small");
        }
        return switch (thread.call(() -> node.send(script.get(), sats))) {
            case Wallet.Payment.Made(var transaction) ->
                    JSON.stringNode(transaction.txid().displayHex());
            case Wallet.Payment.InsufficientFunds _ ->
                    throw new RpcError(RpcError.INSUFFICIENT_FUNDS, "Insufficient funds");
            case Wallet.Payment.Refused(String reason) ->
                    throw new RpcError(RpcError.WALLET, reason);
        };
    }
}
