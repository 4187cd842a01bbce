package adit.node;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

import tools.jackson.databind.JsonNode;

import adit.pow.Hash;

/// The calls the pool makes to one node, with typed answers; what btcd says differently from Bitcoin Core ends here.
///
/// Every method throws [NodeUnavailable] when there was no answer; the others are named. **Owner:** none.
final class NodeRpc {
    private static final List<String> TEMPLATE_RULES = List.of("segwit");
    private static final List<String> SIGNET_RULES = List.of("segwit", "signet");

    private final String node;
    private final JsonRpc rpc;
    private final NodeTimings timings;
    private final TemplateRules rules;
    private final AtomicLong templateIds;
    private final Map<String, Object> templateRequest;

    NodeRpc(
            NodeSettings settings,
            ChainParameters chain,
            NodeTimings timings,
            AtomicLong templateIds) {
        this.node = settings.name();
        this.rpc = JsonRpc.to(settings);
        this.timings = timings;
        this.rules = new TemplateRules(chain);
        this.templateIds = templateIds;
        this.templateRequest =
                Map.of("rules", chain.name().equals("signet") ? SIGNET_RULES : TEMPLATE_RULES);
    }

    /// What a node says of its chain. btcd does not say whether it is still downloading; it refuses templates instead.
    record ChainInfo(String chain, int height, int headers, Hash tip, boolean initialDownload) {}

    /// A block header in the answer of `getblockheader`; `confirmations` is negative beside the best chain.
    record Header(int confirmations, int height, int nBits, int time, int medianTime) {
        /// btcd does not tell the median time.
        boolean hasMedianTime() {
            return medianTime != 0;
        }
    }

    ChainInfo chainInfo() {
        var info = tree("getblockchaininfo");
        return new ChainInfo(
                info.path("chain").asString(""),
                integer(info, "blocks"),
                integer(info, "headers"),
                hash(info.path("bestblockhash").asString("")),
                info.path("initialblockdownload").asBoolean(false));
    }

    String genesisHash() {
        return tree("getblockhash", 0).asString("");
    }

    int connections() {
        return tree("getconnectioncount").asInt(0);
    }

    /// The header of a block, empty when the node does not know it.
    Optional<Header> header(Hash block) {
        try {
            var header = tree("getblockheader", block.displayHex(), true);
            return Optional.of(
                    new Header(
                            integer(header, "confirmations"),
                            integer(header, "height"),
                            Integer.parseUnsignedInt(header.path("bits").asString(""), 16),
                            (int) header.path("time").asLong(0),
                            (int) header.path("mediantime").asLong(0)));
        } catch (NodeRejected e) {
            if (e.code() == NodeRejected.NOT_FOUND) {
                return Optional.empty();
            }
            // btcd has the block but answers only for its best chain.
            if (e.code() == NodeRejected.INTERNAL && e.why().contains("main chain")) {
                return Optional.of(new Header(-1, 0, 0, 0, 0));
            }
            throw e;
        } catch (NumberFormatException e) {
            throw new NodeUnavailable(
                    NodeUnavailable.Kind.GARBLED, "answered getblockheader without bits", e);
        }
    }

    /// The template of now.
    ///
    /// @throws BadTemplate when it must not be mined
    /// @throws NodeRejected when the node has none, while it downloads blocks or has no peers
    NodeTemplate template(Consumer<Hash> tipSeen) {
        return template(
                RpcRequest.of("getblocktemplate", templateRequest),
                timings.callDeadline(),
                tipSeen);
    }

    /// The template after the one with this id; waits for it.
    NodeTemplate nextTemplate(String longPollId, Consumer<Hash> tipSeen) {
        var request = new HashMap<>(templateRequest);
        request.put("longpollid", longPollId);
        return template(
                RpcRequest.of("getblocktemplate", request), timings.longPollDeadline(), tipSeen);
    }

    private NodeTemplate template(RpcRequest request, Duration deadline, Consumer<Hash> tipSeen) {
        var answer = rpc.require(request, deadline, parser -> TemplateAnswer.read(parser, tipSeen));
        return new NodeTemplate(
                rules.check(answer, templateIds.incrementAndGet(), node), answer.longPollId);
    }

    /// A node's word on a submitted block, empty for null.
    ///
    /// @throws NodeRejected when the node could not read the block, or would not look at it
    Optional<String> submit(RpcRequest submitBlock) {
        return word(rpc.tree(submitBlock, timings.submitDeadline()));
    }

    /// A node's word on a block proposal, empty for null.
    Optional<String> propose(byte[] block) {
        return word(rpc.tree(RpcRequest.ofProposal(block), timings.submitDeadline()));
    }

    /// What a block of the best chain paid.
    ///
    /// @throws NodeRejected when the node does not know the block, or the call (btcd)
    BlockStats stats(Hash block) {
        var wanted = List.of("height", "subsidy", "totalfee");
        var stats = tree("getblockstats", block.displayHex(), wanted);
        return new BlockStats(
                block,
                integer(stats, "height"),
                amount(stats, "subsidy"),
                amount(stats, "totalfee"));
    }

    /// Any call, as a tree.
    JsonNode tree(String method, Object... params) {
        return rpc.tree(RpcRequest.of(method, params), timings.callDeadline());
    }

    private static Optional<String> word(JsonNode answer) {
        return answer.isNull() ? Optional.empty() : Optional.of(answer.asString(answer.toString()));
    }

    private static int integer(JsonNode answer, String name) {
        var value = answer.path(name);
        if (!value.isIntegralNumber() || !value.canConvertToInt()) {
            throw new NodeUnavailable(
                    NodeUnavailable.Kind.GARBLED, "gave no whole number as " + name);
        }
        return value.intValue();
    }

    private static long amount(JsonNode answer, String name) {
        var value = answer.path(name);
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            throw new NodeUnavailable(
                    NodeUnavailable.Kind.GARBLED, "gave no whole number as " + name);
        }
        return value.longValue();
    }

    private static Hash hash(String hex) {
        try {
            return Hash.fromDisplayHex(hex);
        } catch (IllegalArgumentException e) {
            throw new NodeUnavailable(
                    NodeUnavailable.Kind.GARBLED, "gave no hash of its best block", e);
        }
    }
}
