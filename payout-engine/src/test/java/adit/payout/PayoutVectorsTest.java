package adit.payout;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/// Every published vector of the schemes we run, and how many there were.
final class PayoutVectorsTest {
    private static final Finder ANYBODY = new Finder(1, 0);

    @Test
    void splitsByLargestRemainder() {
        everyEntry(
                "largest_remainder",
                8,
                v -> {
                    var weights = new TreeMap<Long, BigInteger>();
                    v.path("input")
                            .path("weights")
                            .propertyStream()
                            .forEach(e ->
                                    weights.put(
                                            Long.valueOf(e.getKey()),
                                            new BigInteger(e.getValue().asString())));
                    var accounts = weights.keySet().stream().mapToLong(Long::longValue).toArray();
                    var tieBreak =
                            v.path("input").path("tie_break").asString().equals("sha256_block")
                                    ? new TieBreak.ByBlockHash(
                                            v.path("input").path("block_hash").asString())
                                    : new TieBreak.ByAccount();
                    long amount = v.path("input").path("amount").asLong();
                    var parts = weights.values().toArray(BigInteger[]::new);

                    if (v.path("expected").has("error")) {
                        assertThatThrownBy(() -> Apportion.bySize(amount, parts))
                                .hasMessage("some weight must be positive");
                        return;
                    }

                    var split = Apportion.bySize(amount, parts, tieBreak.orderOf(accounts));

                    var credits = new TreeMap<Long, Long>();
                    for (int i = 0; i < accounts.length; i++) {
                        credits.put(accounts[i], split[i]);
                    }
                    credits.values().removeIf(credit -> credit == 0);
                    assertThat(credits)
                            .isEqualTo(Vectors.credits(v.path("expected").path("credits")));
                });
    }

    @Test
    void takesTheFeeRoundedDown() {
        everyEntry(
                "fee_split",
                4,
                v -> {
                    long reward = v.path("input").path("reward").asLong();

                    long fee = Apportion.fee(reward, v.path("input").path("fee_bps").asInt());

                    assertThat(fee).isEqualTo(v.path("expected").path("fee").asLong());
                    assertThat(reward - fee).isEqualTo(v.path("expected").path("miners").asLong());
                });
    }

    @Test
    void readsTheExactDifficultyFromNBits() {
        everyEntry(
                "difficulty",
                4,
                v -> {
                    var difficulty = Vectors.network(v.path("input"));

                    assertThat(difficulty.numerator())
                            .isEqualTo(
                                    new BigInteger(
                                            v.path("expected").path("difficulty_num").asString()));
                    assertThat(difficulty.denominator())
                            .isEqualTo(
                                    new BigInteger(
                                            v.path("expected").path("difficulty_den").asString()));
                });
    }

    @Test
    void creditsTheAssignedDifficultyUpToABlock() {
        everyEntry(
                "share_credit",
                4,
                v -> {
                    var input = v.path("input");
                    var network = Vectors.network(input);

                    var weight =
                            ShareCredit.weight(
                                    Vectors.units(input.path("assigned_difficulty")),
                                    network,
                                    input.path("stale").asBoolean());

                    assertThat(weight.times(network.asRational()))
                            .isEqualTo(
                                    Vectors.rational(
                                            v.path("expected").path("credited_difficulty")));
                });
    }

    @Test
    void accruesPpsWithoutDrift() {
        everyEntry(
                "pps",
                6,
                v -> {
                    var input = v.path("input");
                    var credits = new ArrayList<Long>();
                    var claim = PpsAccrual.NOTHING;
                    for (var interval : input.path("intervals")) {
                        var accrued =
                                claim.accrue(segments(interval, input.path("fee_bps").asInt()));
                        credits.add(accrued.creditMsat());
                        claim = accrued.next();
                    }

                    var expected = v.path("expected");
                    assertThat(credits)
                            .isEqualTo(
                                    expected.path("credits_msat")
                                            .valueStream()
                                            .map(JsonNode::asLong)
                                            .toList());
                    assertThat(credits.stream().mapToLong(Long::longValue).sum())
                            .isEqualTo(expected.path("total_msat").asLong());
                    assertThat(claim.carry())
                            .isEqualTo(
                                    new Rational(
                                            new BigInteger(
                                                    expected.path("carry_numerator").asString()),
                                            new BigInteger(
                                                    expected.path("carry_denominator")
                                                            .asString())));
                });
    }

    @Test
    void averagesTheFeesOfAPeriod() {
        everyEntry(
                "fpps_rate",
                6,
                v -> {
                    var rule = feeRule(v.path("input"));

                    var rate = FppsRate.of(rule, blocks(v.path("input").path("blocks")));

                    var expected = v.path("expected");
                    assertThat(rate.feeRatio())
                            .isEqualTo(Vectors.rational(expected.path("fee_ratio")));
                    assertThat(rate.trimmedEachSide())
                            .isEqualTo(expected.path("trimmed_each_side").asInt());
                    assertThat(rate.blocksUsed()).isEqualTo(expected.path("blocks_used").asInt());
                    assertThat(
                                    Apportion.floor(
                                            Rational.ONE
                                                    .plus(rate.feeRatio())
                                                    .times(Rational.of(1_000_000_000))))
                            .isEqualTo(expected.path("fpps_multiplier_ppb").asLong());
                });
    }

    @Test
    void paysFppsWithTheFeesOnTop() {
        everyEntry(
                "fpps",
                2,
                v -> {
                    var input = v.path("input");
                    var credits = new TreeMap<Long, Long>();
                    input.path("accounts")
                            .propertyStream()
                            .forEach(account -> {
                                var work =
                                        segments(account.getValue(), input.path("fee_bps").asInt());
                                var accrued =
                                        PpsAccrual.NOTHING.accrue(
                                                work, Vectors.rational(input.path("fee_ratio")));
                                credits.put(Long.valueOf(account.getKey()), accrued.creditMsat());
                            });
                    credits.values().removeIf(credit -> credit == 0);

                    assertThat(credits)
                            .isEqualTo(Vectors.credits(v.path("expected").path("credits_msat")));
                });
    }

    @Test
    void paysDeclaredWorkNoMoreThanItLeavesThePool() {
        everyEntry(
                "fpps_jd",
                3,
                v -> {
                    var input = v.path("input");
                    var slice =
                            new WorkSlice(
                                    1,
                                    input.path("fee_bps").asInt(),
                                    0,
                                    0,
                                    Vectors.units(input.path("sum_difficulty")),
                                    Vectors.network(input),
                                    input.path("subsidy_sat").asLong(),
                                    input.path("job_pool_payout_sat").asLong());

                    var accrued =
                            PpsAccrual.NOTHING.accrue(
                                    List.of(slice), Vectors.rational(input.path("fee_ratio")));

                    assertThat(accrued.creditMsat())
                            .isEqualTo(v.path("expected").path("credit_msat").asLong());
                });
    }

    @Test
    void sharesARoundInProportion() {
        everyEntry(
                "proportional",
                3,
                v -> {
                    var input = v.path("input");
                    var work =
                            newestFirst(input.path("round_shares"), input.path("fee_bps").asInt());

                    var distribution =
                            Settlement.distribute(
                                    new Proportional(),
                                    input.path("reward").asLong(),
                                    work,
                                    ANYBODY);

                    assertThat(distribution.feeMsat())
                            .isEqualTo(v.path("expected").path("fee").asLong());
                    assertThat(distribution.creditsMsat())
                            .isEqualTo(Vectors.credits(v.path("expected").path("credits")));
                });
    }

    @Test
    void sharesTheNewestWorkByExpectedBlocks() {
        everyEntry(
                "pplns_unit",
                12,
                v -> {
                    var input = v.path("input");
                    var window = input.path("window");
                    var scheme =
                            new Pplns(
                                    Vectors.rational(window.path("size")),
                                    Pplns.Cutoff.valueOf(window.path("cutoff").asString()),
                                    Pplns.Underfull.valueOf(window.path("underfull").asString()));
                    var work = newestFirst(input.path("shares"), input.path("fee_bps").asInt());

                    var distribution =
                            Settlement.distribute(
                                    scheme, input.path("reward").asLong(), work, ANYBODY);

                    var expected = v.path("expected");
                    assertThat(distribution.feeMsat()).isEqualTo(expected.path("fee").asLong());
                    assertThat(distribution.creditsMsat())
                            .isEqualTo(Vectors.credits(expected.path("credits")));
                    assertThat(distribution.operatorMsat())
                            .isEqualTo(expected.path("credits").path("0").asLong(0));
                    assertThat(distribution.window().filledBlocks())
                            .isEqualTo(Vectors.rational(expected.path("window_filled")));
                    assertThat(distribution.window().oldestOrder())
                            .isEqualTo(expected.path("oldest_seq").asLong());
                    assertThat(distribution.window().oldestWeight())
                            .isEqualTo(Vectors.rational(expected.path("oldest_weight_used")));
                });
    }

    @Test
    void paysTheFinder() {
        everyEntry(
                "solo",
                3,
                v -> {
                    var input = v.path("input");
                    var scheme = new Solo(input.path("pool_output_dust_limit").asLong());
                    var finder = new Finder(7, input.path("fee_bps").asInt());

                    var distribution =
                            Settlement.distribute(
                                    scheme, input.path("reward").asLong(), List.of(), finder);

                    assertThat(distribution.feeMsat())
                            .isEqualTo(v.path("expected").path("pool_fee").asLong());
                    assertThat(distribution.creditsMsat())
                            .isEqualTo(Map.of(7L, v.path("expected").path("finder").asLong()));
                });
    }

    @Test
    void knowsWhenACoinbaseMayBeSpent() {
        everyEntry(
                "maturity",
                3,
                v -> {
                    int confirmations =
                            Maturity.confirmations(
                                    v.path("input").path("coinbase_height").asInt(),
                                    v.path("input").path("tip").asInt());

                    var expected = v.path("expected");
                    assertThat(confirmations).isEqualTo(expected.path("confirmations").asInt());
                    assertThat(Maturity.isMature(confirmations + 1))
                            .as("one confirmation later than consensus asks for")
                            .isEqualTo(
                                    expected.path("consensus_spendable_in_next_block").asBoolean());
                    assertThat(Maturity.isMature(confirmations))
                            .isEqualTo(expected.path("core_wallet_mature").asBoolean());
                });
    }

    /// RG-01 speaks of the carries of a scheme whose coinbase pays miners, which we don't run; RG-03 lists all schemes.
    @Test
    void reversesAnOrphanByTheRuleOfItsScheme() {
        var ours =
                Map.of(
                        "SOLO", new Solo(0),
                        "PROPORTIONAL", new Proportional(),
                        "PPLNS",
                                new Pplns(
                                        Rational.ONE,
                                        Pplns.Cutoff.PARTIAL,
                                        Pplns.Underfull.NORMALIZE),
                        "PPS", new Pps(),
                        "FPPS", new Fpps(FeeRule.USUAL));
        var states = new HashMap<String, Reversal.SchemeState>();
        states.put("round restarts", Reversal.SchemeState.ROUND_RESTARTS);
        states.put(
                "merge orphaned round into the next",
                Reversal.SchemeState.ROUND_MERGES_INTO_THE_NEXT);
        states.put("none", Reversal.SchemeState.NONE);
        states.put("none: window is a pure function of share order", Reversal.SchemeState.NONE);
        states.put(
                "rate uses active-chain blocks at close + 6",
                Reversal.SchemeState.LEAVES_AN_OPEN_FEE_DAY);

        var rules =
                Vectors.suite("reorg").stream()
                        .filter(v -> v.path("id").asString().equals("RG-03"))
                        .flatMap(v -> v.path("expected").path("rules").valueStream())
                        .filter(rule -> ours.containsKey(rule.path("scheme").asString()))
                        .toList();

        assertThat(rules).hasSize(5);
        for (var rule : rules) {
            Scheme scheme = ours.get(rule.path("scheme").asString());
            assertThat(scheme.reversal())
                    .isEqualTo(
                            new Reversal(
                                    rule.path("ledger").asString().startsWith("reverse"),
                                    states.get(rule.path("scheme_state").asString())));
        }
    }

    private static void everyEntry(String suite, int entries, Consumer<JsonNode> check) {
        var ran = new ArrayList<String>();
        for (var entry : Vectors.suite(suite)) {
            check.accept(entry);
            ran.add(entry.path("id").asString());
        }
        assertThat(ran).as(suite).hasSize(entries).doesNotHaveDuplicates();
    }

    private static List<WorkSlice> segments(JsonNode segments, int feeBps) {
        return segments.valueStream()
                .map(s ->
                        new WorkSlice(
                                1,
                                feeBps,
                                0,
                                0,
                                Vectors.units(s.path("sum_difficulty")),
                                Vectors.network(s),
                                s.path("subsidy_sat").asLong(),
                                WorkSlice.OWN_TEMPLATE))
                .toList();
    }

    private static List<WorkSlice> newestFirst(JsonNode shares, int feeBps) {
        return IntStream.range(0, shares.size())
                .mapToObj(i -> share(shares.path(i), i + 1, feeBps))
                .toList()
                .reversed();
    }

    private static WorkSlice share(JsonNode share, long order, int feeBps) {
        var units = Vectors.units(share.path("difficulty"));
        // Rounds in plain difficulty leave the network's out, so no share of them reaches the cap.
        var network =
                share.has("network_difficulty")
                        ? Vectors.network(share)
                        : NetworkDifficulty.of(Rational.of(1_000_000));
        boolean isCapped = ShareCredit.isCapped(units, network);
        return new WorkSlice(
                share.path("account").asLong(),
                feeBps,
                share.path("seq").asLong(order),
                share.path("seq").asLong(order),
                isCapped ? Vectors.units(Rational.ONE) : units,
                isCapped ? NetworkDifficulty.ONE : network,
                0,
                WorkSlice.OWN_TEMPLATE);
    }

    private static FeeRule feeRule(JsonNode input) {
        var trim =
                input.has("trim_k")
                        ? new FeeRule.Trim.Blocks(input.path("trim_k").asInt())
                        : input.has("trim_pct_bps")
                                ? new FeeRule.Trim.Part(input.path("trim_pct_bps").asInt())
                                : new FeeRule.Trim.None();
        return new FeeRule(trim, true, FeeRule.Average.RATIO_OF_SUMS);
    }

    /// FR-05 gives its 144 blocks as a formula in words.
    private static List<NetworkBlock> blocks(JsonNode blocks) {
        if (blocks.has("generator")) {
            return IntStream.range(0, 144)
                    .mapToObj(i ->
                            new NetworkBlock(
                                    900_000 + i,
                                    312_500_000,
                                    1_000_000 + (i * 7_919 % 144) * 50_000L))
                    .toList();
        }
        return blocks.valueStream()
                .map(b ->
                        new NetworkBlock(
                                b.path("height").asInt(),
                                b.path("subsidy_sat").asLong(),
                                b.path("fees_sat").asLong()))
                .toList();
    }
}
