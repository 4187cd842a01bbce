package adit.node.embedded;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.net.URI;
import java.util.HexFormat;
import java.util.List;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import adit.pow.Target;

/// The methods that look at the chain, and the two that declare a block invalid and take that back.
final class ChainRpc {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final int VERSION = 280100;
    private static final int PROTOCOL_VERSION = 70016;
    private static final int CHAIN_WORK_DIGITS = 64;

    private final ChainThread thread;
    private final FullNode node;
    private final EmbeddedChainSettings settings;
    private final URI zmqEndpoint;

    ChainRpc(ChainThread thread, FullNode node, EmbeddedChainSettings settings, URI zmqEndpoint) {
        this.thread = thread;
        this.node = node;
        this.settings = settings;
        this.zmqEndpoint = zmqEndpoint;
    }

    List<RpcMethod> methods() {
        var hash = List.of("blockhash");
        return List.of(
                method("getblockchaininfo", List.of(), this::getBlockchainInfo),
                method("getbestblockhash", List.of(), this::getBestBlockHash),
                method("getblockcount", List.of(), this::getBlockCount),
                method("getblockhash", List.of("height"), this::getBlockHash),
                method("getblockheader", List.of("blockhash", "verbose"), this::getBlockHeader),
                method("getblock", List.of("blockhash", "verbosity"), this::getBlock),
                method("getblockstats", List.of("hash_or_height", "stats"), this::getBlockStats),
                method("invalidateblock", hash, this::invalidateBlock),
                method("reconsiderblock", hash, this::reconsiderBlock),
                method("getrawmempool", List.of(), this::getRawMempool),
                method("getnetworkinfo", List.of(), this::getNetworkInfo),
                method("getzmqnotifications", List.of(), this::getZmqNotifications));
    }

    private RpcMethod method(String name, List<String> parameters, RpcMethod.Body body) {
        return new RpcMethod(name, parameters, given -> thread.call(() -> body.call(given)));
    }

    private JsonNode getBlockchainInfo(RpcParameters parameters) {
        var tip = node.chain().tip();
        var result = JSON.objectNode();
        result.put("chain", settings.parameters().name());
        result.put("blocks", tip.height());
        result.put("headers", tip.height());
        result.put("bestblockhash", tip.hash().displayHex());
        putWork(result, tip.header().nBits());
        result.put("time", tip.timeSeconds());
        result.put("mediantime", tip.medianTimePast());
        result.put("verificationprogress", 1);
        result.put("initialblockdownload", false);
        result.put("chainwork", chainWork(tip));
        result.put("size_on_disk", node.storedBytes());
        result.put("pruned", false);
        result.putArray("warnings");
        return result;
    }

    private JsonNode getBestBlockHash(RpcParameters parameters) {
        return JSON.stringNode(node.chain().tip().hash().displayHex());
    }

    private JsonNode getBlockCount(RpcParameters parameters) {
        return JSON.numberNode(node.chain().tip().height());
    }

    private JsonNode getBlockHash(RpcParameters parameters) {
        return JSON.stringNode(atHeight(parameters.integer("height"), "").hash().displayHex());
    }

    private JsonNode getBlockHeader(RpcParameters parameters) {
        var entry = find(parameters);
        return parameters.flagOr("verbose", true)
                ? headerJson(entry)
                : JSON.stringNode(HexFormat.of().formatHex(entry.header().bytes()));
    }

    private JsonNode getBlock(RpcParameters parameters) {
        var entry = find(parameters);
        int verbosity = verbosity(parameters);
        var block = stored(entry);
        if (verbosity <= 0) {
            return JSON.stringNode(HexFormat.of().formatHex(block.bytes()));
        }
        var result = headerJson(entry);
        result.put("strippedsize", block.strippedBytes());
        result.put("size", block.bytes().length);
        result.put("weight", block.weight());
        var transactions = result.putArray("tx");
        for (var transaction : block.transactions()) {
            if (verbosity == 1) {
                transactions.add(transaction.txid().displayHex());
            } else {
                transactions.add(TransactionJson.of(transaction));
            }
        }
        return result;
    }

    private JsonNode getBlockStats(RpcParameters parameters) {
        var which = parameters.required("hash_or_height");
        var entry =
                which.isIntegralNumber()
                        ? atHeight(parameters.integer("hash_or_height"), " " + which)
                        : find(RpcParameters.string(which), "hash_or_height");
        if (!node.chain().isActive(entry)) {
            throw new RpcError(
                    RpcError.INVALID_PARAMETER,
                    "Block is not in chain " + settings.parameters().name());
        }
        long subsidySats = settings.parameters().subsidySats(entry.height());
        var all = BlockStats.of(entry, stored(entry), subsidySats);
        var wanted = parameters.find("stats");
        if (wanted.isEmpty() || wanted.get().isEmpty()) {
            return all;
        }
        var chosen = JSON.objectNode();
        for (var name : wanted.get()) {
            var value = all.get(RpcParameters.string(name));
            if (value == null) {
                throw new RpcError(
                        RpcError.INVALID_PARAMETER,
                        "Invalid selected statistic '" + name.stringValue() + "'");
            }
            chosen.set(name.stringValue(), value);
        }
        return chosen;
    }

    private JsonNode invalidateBlock(RpcParameters parameters) {
        var entry = find(parameters);
        if (entry.isGenesis()) {
            throw new RpcError(RpcError.INVALID_PARAMETER, "The first block cannot be invalid");
        }
        node.invalidate(entry);
        return JSON.nullNode();
    }

    private JsonNode reconsiderBlock(RpcParameters parameters) {
        node.reconsider(find(parameters));
        return JSON.nullNode();
    }

    private JsonNode getRawMempool(RpcParameters parameters) {
        var result = JSON.arrayNode();
        node.mempool().entries().stream()
                .map(entry -> entry.transaction().txid().displayHex())
                .forEach(result::add);
        return result;
    }

    private JsonNode getNetworkInfo(RpcParameters parameters) {
        var result = JSON.objectNode();
        result.put("version", VERSION);
        result.put("subversion", "/Adit embedded chain/");
        result.put("protocolversion", PROTOCOL_VERSION);
        result.put("connections", 0);
        result.put("networkactive", false);
        result.putArray("warnings");
        return result;
    }

    private JsonNode getZmqNotifications(RpcParameters parameters) {
        var result = JSON.arrayNode();
        result.addObject()
                .put("type", "pubhashblock")
                .put("address", zmqEndpoint.toString())
                .put("hwm", 1000);
        return result;
    }

    private ObjectNode headerJson(ChainEntry entry) {
        var chain = node.chain();
        var header = entry.header();
        var result = JSON.objectNode();
        result.put("hash", entry.hash().displayHex());
        result.put("confirmations", chain.confirmations(entry));
        result.put("height", entry.height());
        result.put("version", header.version());
        result.put("versionHex", "%08x".formatted(header.version()));
        result.put("merkleroot", header.merkleRoot().displayHex());
        result.put("time", entry.timeSeconds());
        result.put("mediantime", entry.medianTimePast());
        result.put("nonce", Integer.toUnsignedLong(header.nonce()));
        putWork(result, header.nBits());
        result.put("chainwork", chainWork(entry));
        result.put("nTx", entry.transactionCount());
        if (!entry.isGenesis()) {
            result.put("previousblockhash", header.previousHash().displayHex());
        }
        if (chain.isActive(entry)) {
            chain.at(entry.height() + 1)
                    .ifPresent(next -> result.put("nextblockhash", next.hash().displayHex()));
        }
        return result;
    }

    private ChainEntry find(RpcParameters parameters) {
        return find(parameters.string("blockhash"), "blockhash");
    }

    private ChainEntry find(String text, String name) {
        return node.chain()
                .find(RpcParameters.hash(name, text))
                .orElseThrow(
                        () -> new RpcError(RpcError.INVALID_ADDRESS_OR_KEY, "Block not found"));
    }

    private ChainEntry atHeight(int height, String told) {
        return node.chain()
                .at(height)
                .orElseThrow(() ->
                        new RpcError(
                                RpcError.INVALID_PARAMETER,
                                told.isEmpty()
                                        ? "Block height out of range"
                                        : "Target block height%s after current tip %d"
                                                .formatted(told, node.chain().tip().height())));
    }

    private Block stored(ChainEntry entry) {
        if (!entry.isGenesis() && entry.place().equals(ChainEntry.Place.NOWHERE)) {
            throw new RpcError(RpcError.MISC, "Block not found on disk");
        }
        return node.chain().block(entry);
    }

    private static int verbosity(RpcParameters parameters) {
        var value = parameters.find("verbosity");
        if (value.isPresent() && value.get().isBoolean()) {
            return value.get().booleanValue() ? 1 : 0;
        }
        return parameters.integerOr("verbosity", 1);
    }

    private static void putWork(ObjectNode result, int nBits) {
        var target = Target.fromNBits(nBits);
        result.put("bits", "%08x".formatted(nBits));
        result.put("target", target.displayHex());
        result.put("difficulty", difficulty(target.toBigInteger()));
    }

    private static BigDecimal difficulty(BigInteger target) {
        var one = new BigDecimal(Target.DIFFICULTY_ONE.toBigInteger());
        return one.divide(new BigDecimal(target), MathContext.DECIMAL64);
    }

    private static String chainWork(ChainEntry entry) {
        var hex = entry.chainWork().toString(16);
        return "0".repeat(CHAIN_WORK_DIGITS - hex.length()) + hex;
    }
}
