package adit.node.embedded;

import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import adit.pow.Hash;
import adit.pow.Target;

/// The methods a pool works with: templates, proposals, submissions, and blocks made on request.
///
/// **Spec:** BIP 22, 23, 145.
final class MiningRpc {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final long LONGEST_POLL_SECONDS = 600;
    private static final int HASH_DIGITS = 2 * Hash.BYTES;

    private final ChainThread thread;
    private final FullNode node;
    private final long mempoolWaitMillis;

    MiningRpc(ChainThread thread, FullNode node, long mempoolWaitMillis) {
        this.thread = thread;
        this.node = node;
        this.mempoolWaitMillis = mempoolWaitMillis;
    }

    List<RpcMethod> methods() {
        return List.of(
                new RpcMethod(
                        "getblocktemplate", List.of("template_request"), this::getBlockTemplate),
                new RpcMethod("submitblock", List.of("hexdata", "dummy"), this::submitBlock),
                new RpcMethod(
                        "generatetoaddress",
                        List.of("nblocks", "address", "maxtries"),
                        this::generateToAddress));
    }

    private JsonNode getBlockTemplate(RpcParameters parameters) {
        var request = parameters.find("template_request").orElse(JSON.objectNode());
        var mode = request.path("mode");
        var asked = mode.isMissingNode() || mode.isNull() ? "template" : mode.asString("");
        if (asked.equals("proposal")) {
            return propose(request.path("data"));
        }
        if (!asked.equals("template")) {
            throw new RpcError(RpcError.INVALID_PARAMETER, "Invalid mode");
        }
        boolean knowsSegwit = false;
        for (var rule : request.path("rules")) {
            knowsSegwit |= RpcParameters.string(rule).equals("segwit");
        }
        if (!knowsSegwit) {
            throw new RpcError(
                    RpcError.INVALID_PARAMETER,
                    "getblocktemplate must be called with the segwit rule set (call with"
                            + " {\"rules\": [\"segwit\"]})");
        }
        var longPollId = request.path("longpollid");
        if (longPollId.isString()) {
            awaitChange(longPollId.stringValue());
        }
        return json(thread.call(node::template));
    }

    private JsonNode propose(JsonNode data) {
        if (!data.isString()) {
            throw new RpcError(RpcError.TYPE, "Missing data String key for proposal");
        }
        var block = RpcParameters.block(data.stringValue());
        return word(thread.call(() -> node.judge(block)));
    }

    private JsonNode submitBlock(RpcParameters parameters) {
        var block = RpcParameters.block(parameters.string("hexdata"));
        return word(thread.call(() -> node.submit(block)));
    }

    private JsonNode generateToAddress(RpcParameters parameters) {
        int count = parameters.integer("nblocks");
        var script =
                Wallet.scriptOf(parameters.string("address"))
                        .orElseThrow(() ->
                                new RpcError(
                                        RpcError.INVALID_ADDRESS_OR_KEY, "Error: Invalid address"));
        var maker = new BlockMaker(thread, node);
        var hashes = JSON.arrayNode();
        for (int i = 0; i < count; i++) {
            hashes.add(maker.makeOnTip(script, "generated").displayHex());
        }
        return hashes;
    }

    /// Returns when the template is no longer the one with this id: at once for a new tip, later for a transaction.
    private void awaitChange(String longPollId) {
        var text = longPollId.substring(0, Math.min(HASH_DIGITS, longPollId.length()));
        var tip = RpcParameters.hash("longpollid", text);
        var moved =
                thread.call(() ->
                        node.chain().tip().hash().equals(tip)
                                ? node.tipChange()
                                : new CountDownLatch(0));
        try {
            if (moved.await(mempoolWaitMillis, TimeUnit.MILLISECONDS)) {
                return;
            }
            var changed =
                    thread.call(() ->
                            node.longPollId().equals(longPollId)
                                    ? node.anyChange()
                                    : new CountDownLatch(0));
            boolean isOther = changed.await(LONGEST_POLL_SECONDS, TimeUnit.SECONDS);
            Check.that(isOther || changed.getCount() > 0, "a latch opened unnoticed");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ChainUnavailable("interrupted during a long poll", e);
        }
    }

    private static JsonNode word(Optional<String> reason) {
        return reason.<JsonNode>map(JSON::stringNode).orElse(JSON.nullNode());
    }

    private static ObjectNode json(BlockTemplate template) {
        var result = JSON.objectNode();
        result.putArray("capabilities").add("proposal");
        result.put("version", template.version());
        result.putArray("rules").add("csv").add("!segwit").add("taproot");
        result.putObject("vbavailable");
        result.put("vbrequired", 0);
        result.put("previousblockhash", template.parent().hash().displayHex());
        var transactions = result.putArray("transactions");
        var places = new HashMap<Hash, Integer>();
        for (var entry : template.transactions()) {
            transactions.add(json(entry, places));
            places.put(entry.transaction().txid(), places.size() + 1);
        }
        result.putObject("coinbaseaux");
        result.put("coinbasevalue", template.coinbaseValueSats());
        result.put("longpollid", template.longPollId());
        result.put("target", Target.fromNBits(template.nBits()).displayHex());
        result.put("mintime", template.minTimeSeconds());
        result.putArray("mutable").add("time").add("transactions").add("prevblock");
        result.put("noncerange", "00000000ffffffff");
        result.put("sigoplimit", BlockRules.MAX_SIGOPS_COST);
        result.put("sizelimit", BlockRules.MAX_WEIGHT);
        result.put("weightlimit", BlockRules.MAX_WEIGHT);
        result.put("curtime", template.currentTimeSeconds());
        result.put("bits", "%08x".formatted(template.nBits()));
        result.put("height", template.height());
        var commitment = WitnessCommitment.over(template.plainTransactions(), Hash.ZERO.bytes());
        result.put(
                "default_witness_commitment",
                HexFormat.of().formatHex(WitnessCommitment.script(commitment)));
        return result;
    }

    private static ObjectNode json(Mempool.Entry entry, Map<Hash, Integer> places) {
        var transaction = entry.transaction();
        var result = JSON.objectNode();
        result.put("data", HexFormat.of().formatHex(transaction.bytes()));
        result.put("txid", transaction.txid().displayHex());
        result.put("hash", transaction.wtxid().displayHex());
        var depends = result.putArray("depends");
        transaction.inputs().stream()
                .map(input -> input.previous().txid())
                .distinct()
                .filter(places::containsKey)
                .forEach(parent -> depends.add(places.get(parent)));
        result.put("fee", entry.feeSats());
        result.put("sigops", entry.sigopsCost());
        result.put("weight", transaction.weight());
        return result;
    }
}
