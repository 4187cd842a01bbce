package adit.node;

import java.util.HexFormat;
import java.util.List;
import java.util.Set;

import adit.pow.Hash;
import adit.pow.Target;
import adit.pow.Template;
import adit.pow.TemplateTransaction;

/// What a template must satisfy before miners see it: a pure check that ends in a [Template] or a [BadTemplate].
///
/// The node is ours and trusted to validate transactions. What is checked is what would cost us a block and can be
/// known here: rules we don't understand, a value that is not exactly subsidy and fees, a target that contradicts
/// itself, a witness commitment that does not fit the transactions.
///
/// **Spec:** BIP 9 (`!rules`), BIP 94, BIP 141.
final class TemplateRules {
    private static final long MAX_BLOCK_WEIGHT = 4_000_000;
    private static final long MAX_BLOCK_SIGOPS = 80_000;
    private static final long MAX_UNSIGNED = 0xffff_ffffL;
    private static final int MAX_HEIGHT = 500_000_000;

    /// The witness commitment output script up to the hash itself.
    private static final String COMMITMENT_SCRIPT = "6a24aa21a9ed";

    /// A signet whose blocks anyone may sign: its challenge is the script OP_TRUE.
    private static final String OPEN_SIGNET = "51";

    private static final Set<String> UNDERSTOOD = Set.of("csv", "segwit", "taproot", "signet");

    private final ChainParameters chain;
    private final Target powLimit;

    TemplateRules(ChainParameters chain) {
        this.chain = chain;
        powLimit = Target.fromNBits(chain.powLimitBits());
    }

    /// @throws BadTemplate when it must not be mined
    Template check(TemplateAnswer answer, long id, String node) {
        checkRules(answer);
        require(answer.height > 0 && answer.height <= MAX_HEIGHT, "is for height " + answer.height);
        int height = (int) answer.height;
        int nBits = checkedBits(answer);
        checkTimes(answer);
        require(
                answer.version >= Integer.MIN_VALUE && answer.version <= MAX_UNSIGNED,
                "has version " + answer.version);
        require(
                (answer.versionBitsRequired & ~answer.version) == 0,
                "requires version bits it does not set itself");
        long subsidySats = chain.subsidySats(height);
        checkValue(answer, subsidySats);
        checkSize(answer.transactions);

        var template =
                new Template(
                        id,
                        (int) answer.version,
                        TemplateAnswer.hash(answer.previousHash, "previousblockhash"),
                        height,
                        nBits,
                        (int) minTime(answer, height),
                        (int) answer.currentTime,
                        subsidySats,
                        answer.coinbaseValueSats,
                        answer.transactions,
                        node);
        checkCommitment(answer, template);
        return template;
    }

    private static void checkRules(TemplateAnswer answer) {
        var rules = answer.rules;
        // btcd names no rules; all it supports is in force, segwit included.
        if (rules == null) {
            return;
        }
        for (var rule : rules) {
            require(
                    !rule.startsWith("!") || UNDERSTOOD.contains(rule.substring(1)),
                    "needs the rule '"
                            + rule
                            + "', which this version does not know: update before mining on");
        }
        require(
                rules.contains("segwit") || rules.contains("!segwit"),
                "is for a chain on which segwit is not active");
        require(
                !(rules.contains("signet") || rules.contains("!signet"))
                        || answer.signetChallenge.equals(OPEN_SIGNET),
                "is for a signet whose blocks must be signed with a key that only its operators have");
    }

    private int checkedBits(TemplateAnswer answer) {
        require(answer.bits.length() == 8, "has bits '" + answer.bits + "'");
        try {
            int nBits = HexFormat.fromHexDigits(answer.bits);
            var target = Target.fromNBits(nBits);
            require(!target.equals(Target.NEVER), "has a target nothing can meet");
            require(
                    target.compareTo(powLimit) <= 0,
                    "has a target easier than " + chain.name() + " allows");
            require(
                    answer.target.isEmpty() || answer.target.equals(target.displayHex()),
                    "has a target other than its bits say");
            return nBits;
        } catch (IllegalArgumentException e) {
            throw new BadTemplate("the template has bits '" + answer.bits + "'", e);
        }
    }

    private static void checkTimes(TemplateAnswer answer) {
        require(
                answer.minTime > 0 && answer.minTime <= MAX_UNSIGNED,
                "has mintime " + answer.minTime);
        require(
                answer.currentTime >= answer.minTime && answer.currentTime <= MAX_UNSIGNED,
                "has curtime " + answer.currentTime + " before mintime " + answer.minTime);
    }

    // A node's mintime may know only the median rule; under BIP 94 the first block of a period must
    // also not be much
    // older than the one before it, and curtime is sure to satisfy both.
    private long minTime(TemplateAnswer answer, int height) {
        return chain.bip94() && chain.isRetargetHeight(height)
                ? answer.currentTime
                : answer.minTime;
    }

    private static void checkValue(TemplateAnswer answer, long subsidySats) {
        long fees = 0;
        for (var transaction : answer.transactions) {
            fees = Math.addExact(fees, transaction.feeSats());
            require(fees <= ChainParameters.MAX_MONEY_SATS, "has more fees than there are coins");
        }
        long value = answer.coinbaseValueSats;
        require(
                value >= subsidySats,
                "pays "
                        + value
                        + " sats, less than the subsidy of "
                        + subsidySats
                        + " at its height");
        require(
                value == Math.addExact(subsidySats, fees),
                "pays "
                        + value
                        + " sats where subsidy and fees are "
                        + subsidySats
                        + " and "
                        + fees);
    }

    private static void checkSize(List<TemplateTransaction> transactions) {
        long weight = 0;
        long sigops = 0;
        for (var transaction : transactions) {
            weight = Math.addExact(weight, transaction.weight());
            sigops = Math.addExact(sigops, transaction.sigops());
        }
        require(weight < MAX_BLOCK_WEIGHT, "weighs " + weight + " without its coinbase");
        require(sigops <= MAX_BLOCK_SIGOPS, "has " + sigops + " sigops without its coinbase");
    }

    private static void checkCommitment(TemplateAnswer answer, Template template) {
        var given = answer.witnessCommitment;
        if (given.isEmpty()) {
            require(
                    template.transactions().stream()
                            .allMatch(one -> one.txid().equals(one.wtxid())),
                    "has transactions with witnesses but no witness commitment");
            return;
        }
        // Bitcoin Core gives the whole output script, btcd the bare hash.
        var hash =
                given.startsWith(COMMITMENT_SCRIPT)
                        ? given.substring(COMMITMENT_SCRIPT.length())
                        : given;
        require(
                hash.length() == 2 * Hash.BYTES
                        && hash.equals(
                                HexFormat.of().formatHex(template.witnessCommitment().bytes())),
                "has a witness commitment that does not fit its transactions");
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new BadTemplate("the template " + otherwise);
        }
    }
}
