package adit.node;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

import adit.pow.Hash;
import adit.pow.TemplateTransaction;

/// The members of one `getblocktemplate` result as they stand in the JSON, collected while it arrives.
///
/// Every member is checked for its type here and for its meaning in [TemplateRules]. Numbers are integers or the
/// template is refused. The transactions, which are nearly all of it, go from the parser's buffer straight to bytes.
///
/// **Owner:** the thread that reads the answer; not changed afterwards.
///
/// **Spec:** BIP 22, BIP 23, BIP 145. btcd leaves out `rules`, `vbrequired` and sometimes `default_witness_commitment`.
final class TemplateAnswer {
    private static final long ABSENT = Long.MIN_VALUE;
    private static final int MAX_TRANSACTIONS = 60_000;
    private static final int MAX_RULES = 64;

    long version = ABSENT;
    String previousHash = "";
    long height = ABSENT;
    String bits = "";
    String target = "";
    long minTime = ABSENT;
    long currentTime = ABSENT;
    long coinbaseValueSats = ABSENT;
    long versionBitsRequired;
    String longPollId = "";
    String witnessCommitment = "";
    String signetChallenge = "";
    final List<TemplateTransaction> transactions = new ArrayList<>();
    @Nullable List<String> rules;

    private boolean hasTransactions;

    /// Reads a result; the parser stands on its first token.
    ///
    /// @param tipSeen told the previous block's hash as soon as it is read, before the transactions arrive
    static TemplateAnswer read(JsonParser parser, Consumer<Hash> tipSeen) {
        var answer = new TemplateAnswer();
        expect(parser, JsonToken.START_OBJECT, "the template");
        for (var name = parser.nextName(); name != null; name = parser.nextName()) {
            parser.nextToken();
            answer.member(parser, name, tipSeen);
        }
        answer.checkComplete();
        return answer;
    }

    private void checkComplete() {
        if (!hasTransactions) {
            throw new BadTemplate("the template has no list of transactions");
        }
        if (previousHash.isEmpty() || bits.isEmpty()) {
            throw new BadTemplate("the template has no previousblockhash or no bits");
        }
        for (long number : new long[] {version, height, minTime, currentTime, coinbaseValueSats}) {
            if (number == ABSENT) {
                throw new BadTemplate(
                        "the template lacks version, height, mintime, curtime or coinbasevalue");
            }
        }
    }

    private void member(JsonParser parser, String name, Consumer<Hash> tipSeen) {
        switch (name) {
            case "version" -> version = integer(parser, name);
            case "previousblockhash" -> {
                previousHash = string(parser, name);
                tipSeen.accept(hash(previousHash, name));
            }
            case "height" -> height = integer(parser, name);
            case "bits" -> bits = string(parser, name);
            case "target" -> target = string(parser, name);
            case "mintime" -> minTime = integer(parser, name);
            case "curtime" -> currentTime = integer(parser, name);
            case "coinbasevalue" -> coinbaseValueSats = integer(parser, name);
            case "vbrequired" -> versionBitsRequired = integer(parser, name);
            case "longpollid" -> longPollId = string(parser, name);
            case "default_witness_commitment" -> witnessCommitment = string(parser, name);
            case "signet_challenge" -> signetChallenge = string(parser, name);
            case "rules" -> rules = strings(parser);
            case "transactions" -> transactions(parser);
            default -> parser.skipChildren();
        }
    }

    private void transactions(JsonParser parser) {
        expect(parser, JsonToken.START_ARRAY, "transactions");
        hasTransactions = true;
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (transactions.size() == MAX_TRANSACTIONS) {
                throw new BadTemplate(
                        "the template has more than " + MAX_TRANSACTIONS + " transactions");
            }
            transactions.add(transaction(parser));
        }
    }

    private static TemplateTransaction transaction(JsonParser parser) {
        expect(parser, JsonToken.START_OBJECT, "a transaction");
        byte[] data = {};
        var txid = "";
        var wtxid = "";
        long fee = ABSENT;
        long weight = 0;
        long sigops = 0;
        for (var name = parser.nextName(); name != null; name = parser.nextName()) {
            parser.nextToken();
            switch (name) {
                case "data" -> data = bytes(parser);
                case "txid" -> txid = string(parser, name);
                case "hash" -> wtxid = string(parser, name);
                case "fee" -> fee = integer(parser, name);
                case "weight" -> weight = integer(parser, name);
                case "sigops" -> sigops = integer(parser, name);
                default -> parser.skipChildren();
            }
        }
        if (fee < 0 || fee > ChainParameters.MAX_MONEY_SATS || weight < 0 || sigops < 0) {
            throw new BadTemplate(
                    "the template has a transaction with an impossible fee, weight or number of sigops: "
                            + txid);
        }
        if (data.length == 0) {
            throw new BadTemplate("the template has a transaction without data: " + txid);
        }
        var id = hash(txid, "txid");
        var witnessId = wtxid.equals(txid) ? id : hash(wtxid, "hash");
        return new TemplateTransaction(data, id, witnessId, fee, weight, sigops);
    }

    private static List<String> strings(JsonParser parser) {
        expect(parser, JsonToken.START_ARRAY, "rules");
        var strings = new ArrayList<String>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (strings.size() == MAX_RULES) {
                throw new BadTemplate("the template has more than " + MAX_RULES + " rules");
            }
            strings.add(string(parser, "a rule"));
        }
        return strings;
    }

    static Hash hash(String hex, String name) {
        try {
            return Hash.fromDisplayHex(hex);
        } catch (IllegalArgumentException e) {
            throw new BadTemplate("the template has '" + shortened(hex) + "' as " + name, e);
        }
    }

    private static byte[] bytes(JsonParser parser) {
        expect(parser, JsonToken.VALUE_STRING, "data");
        int start = parser.getStringOffset();
        try {
            return HexFormat.of()
                    .parseHex(
                            parser.getStringCharacters(), start, start + parser.getStringLength());
        } catch (IllegalArgumentException e) {
            throw new BadTemplate("the template has a transaction whose data is not hex", e);
        }
    }

    private static long integer(JsonParser parser, String name) {
        expect(parser, JsonToken.VALUE_NUMBER_INT, name);
        return parser.getLongValue();
    }

    private static String string(JsonParser parser, String name) {
        expect(parser, JsonToken.VALUE_STRING, name);
        return parser.getString();
    }

    private static void expect(JsonParser parser, JsonToken token, String name) {
        if (parser.currentToken() != token) {
            throw new BadTemplate("the template has " + parser.currentToken() + " as " + name);
        }
    }

    private static String shortened(String text) {
        return text.length() <= 80 ? text : text.substring(0, 80) + "…";
    }
}
