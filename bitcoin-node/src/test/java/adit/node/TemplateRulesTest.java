package adit.node;

import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;

import adit.pow.Hash;
import adit.pow.Template;
import adit.pow.TemplateBody;
import adit.pow.TemplateTransaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

final class TemplateRulesTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Hash PREVIOUS = Hash.ofContent(new byte[] {1});
    private static final byte[] DATA = {2, 0, 0, 0};
    private static final Hash TXID = Hash.ofContent(new byte[] {2});
    private static final Hash WTXID = Hash.ofContent(new byte[] {3});
    private static final String COMMITMENT = commitment(TXID, WTXID);
    private static final long SUBSIDY_SATS = 50 * ChainParameters.COIN_SATS;

    @Test
    void turnsATemplateIntoOurs() {
        var template = check(ChainParameters.regtest(), valid());

        assertThat(template.id()).isEqualTo(9);
        assertThat(template.node()).isEqualTo("one");
        assertThat(template.version()).isEqualTo(0x20000000);
        assertThat(template.previousHash()).isEqualTo(PREVIOUS);
        assertThat(template.height()).isEqualTo(101);
        assertThat(template.nBits()).isEqualTo(0x207fffff);
        assertThat(template.minTime()).isEqualTo(1_790_000_001);
        assertThat(template.currentTime()).isEqualTo(1_790_000_010);
        assertThat(template.subsidySats()).isEqualTo(SUBSIDY_SATS);
        assertThat(template.coinbaseValueSats()).isEqualTo(SUBSIDY_SATS + 1000);
        assertThat(template.transactions())
                .singleElement()
                .satisfies(one -> {
                    assertThat(one.data()).isEqualTo(DATA);
                    assertThat(one.txid()).isEqualTo(TXID);
                    assertThat(one.wtxid()).isEqualTo(WTXID);
                    assertThat(one.feeSats()).isEqualTo(1000);
                    assertThat(one.weight()).isEqualTo(400);
                    assertThat(one.sigops()).isEqualTo(4);
                });
    }

    @Test
    void understandsBtcd() {
        var answer = valid();
        answer.remove("rules");
        answer.remove("vbrequired");
        answer.put("default_witness_commitment", COMMITMENT.substring(12));
        answer.put("coinbaseaux", Map.of("flags", "0b2f503253482f627463642f"));

        assertThat(check(ChainParameters.regtest(), answer).height()).isEqualTo(101);
    }

    @Test
    void namesTheTipBeforeTheTransactions() {
        var order = new ArrayList<String>();
        var parser = JsonRpc.parserOf(new ByteArrayInputStream(JSON.writeValueAsBytes(valid())));
        parser.nextToken();

        TemplateAnswer.read(
                parser,
                tip -> order.add(tip + " at byte " + parser.currentLocation().getByteOffset()));

        assertThat(order).singleElement().asString().startsWith(PREVIOUS.displayHex());
        assertThat(
                        Integer.parseInt(
                                order.getFirst().substring(order.getFirst().lastIndexOf(' ') + 1)))
                .isLessThan(250);
    }

    @Test
    void startsAPeriodUnderBip94NoEarlierThanNow() {
        var regtest = ChainParameters.regtest();
        var timeWarpSafe =
                new ChainParameters(
                        "testnet4",
                        Set.of("testnet4"),
                        regtest.genesisHash(),
                        150,
                        101,
                        600,
                        regtest.powLimitBits(),
                        true,
                        false,
                        true,
                        false);

        assertThat(check(timeWarpSafe, valid()).minTime()).isEqualTo(1_790_000_010);
    }

    @Test
    void minesASignetAnyoneMaySign() {
        var answer = valid();
        answer.put("rules", List.of("csv", "!segwit", "!signet"));
        answer.put("signet_challenge", "51");

        assertThat(check(ChainParameters.regtest(), answer).height()).isEqualTo(101);
    }

    @Test
    void acceptsTransactionsWithoutWitnessWithoutACommitment() {
        var answer = valid();
        answer.remove("default_witness_commitment");
        transaction(answer).put("hash", TXID.displayHex());

        assertThat(check(ChainParameters.regtest(), answer).transactions()).hasSize(1);
    }

    record Refusal(String why, Consumer<Map<String, Object>> change) {
        @Override
        public String toString() {
            return why;
        }
    }

    static Stream<Refusal> refusals() {
        return Stream.of(
                new Refusal(
                        "needs the rule '!future', which",
                        put("rules", List.of("!segwit", "!future"))),
                new Refusal("segwit is not active", put("rules", List.of("csv"))),
                new Refusal("must be signed", put("rules", List.of("!segwit", "!signet"))),
                new Refusal(
                        "pays 4999999999 sats, less than the subsidy",
                        put("coinbasevalue", SUBSIDY_SATS - 1)),
                new Refusal(
                        "where subsidy and fees are 5000000000 and 1000",
                        put("coinbasevalue", SUBSIDY_SATS + 999)),
                new Refusal(
                        "where subsidy and fees are 5000000000 and 1000",
                        put("coinbasevalue", SUBSIDY_SATS + 1001)),
                new Refusal(
                        "where subsidy and fees are 5000000000 and 999",
                        answer -> transaction(answer).put("fee", 999)),
                new Refusal(
                        "VALUE_NUMBER_FLOAT as coinbasevalue", put("coinbasevalue", 5000001000.0)),
                new Refusal("impossible fee", answer -> transaction(answer).put("fee", -1)),
                new Refusal("impossible fee", answer -> transaction(answer).remove("fee")),
                new Refusal("without data", answer -> transaction(answer).remove("data")),
                new Refusal("data is not hex", answer -> transaction(answer).put("data", "0x00")),
                new Refusal("as txid", answer -> transaction(answer).put("txid", "ff")),
                new Refusal("as hash", answer -> transaction(answer).remove("hash")),
                new Refusal("is for height 0", put("height", 0)),
                new Refusal("is for height 4294967296", put("height", 1L << 32)),
                new Refusal("lacks version, height", answer -> answer.remove("height")),
                new Refusal("lacks version, height", answer -> answer.remove("version")),
                new Refusal("no list of transactions", answer -> answer.remove("transactions")),
                new Refusal("as previousblockhash", put("previousblockhash", "00")),
                new Refusal("bits '1d00fff'", put("bits", "1d00fff")),
                new Refusal("bits 'zzzzzzzz'", put("bits", "zzzzzzzz")),
                new Refusal("bits '1dffffff'", put("bits", "1dffffff")),
                new Refusal("nothing can meet", put("bits", "00000000")),
                new Refusal("easier than regtest allows", put("bits", "2100ffff")),
                new Refusal("target other than its bits", put("target", "00".repeat(32))),
                new Refusal("curtime 1790000000 before mintime", put("curtime", 1_790_000_000)),
                new Refusal("mintime 0", put("mintime", 0)),
                new Refusal("requires version bits", put("vbrequired", 2)),
                new Refusal(
                        "weighs 4000000", answer -> transaction(answer).put("weight", 4_000_000)),
                new Refusal(
                        "has 80001 sigops", answer -> transaction(answer).put("sigops", 80_001)),
                new Refusal(
                        "but no witness commitment",
                        answer -> answer.remove("default_witness_commitment")),
                new Refusal(
                        "does not fit its transactions",
                        put("default_witness_commitment", "6a24aa21a9ed" + "00".repeat(32))),
                new Refusal(
                        "does not fit its transactions", put("default_witness_commitment", "00")));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void refusesWhatMustNotBeMined(Refusal refusal) {
        var answer = valid();
        refusal.change.accept(answer);

        assertThatExceptionOfType(BadTemplate.class)
                .isThrownBy(() -> check(ChainParameters.regtest(), answer))
                .withMessageStartingWith("the template ")
                .withMessageContaining(refusal.why);
    }

    private static Template check(ChainParameters chain, Map<String, Object> answer) {
        var parser = JsonRpc.parserOf(new ByteArrayInputStream(JSON.writeValueAsBytes(answer)));
        parser.nextToken();
        return new TemplateRules(chain).check(TemplateAnswer.read(parser, _ -> {}), 9, "one");
    }

    private static Consumer<Map<String, Object>> put(String name, Object value) {
        return answer -> answer.put(name, value);
    }

    @SuppressWarnings("unchecked") // the test itself put the map there
    private static Map<String, Object> transaction(Map<String, Object> answer) {
        return (Map<String, Object>) ((List<?>) answer.get("transactions")).getFirst();
    }

    private static Map<String, Object> valid() {
        var transaction = new LinkedHashMap<String, Object>();
        transaction.put("data", HexFormat.of().formatHex(DATA));
        transaction.put("txid", TXID.displayHex());
        transaction.put("hash", WTXID.displayHex());
        transaction.put("depends", List.of());
        transaction.put("fee", 1000);
        transaction.put("sigops", 4);
        transaction.put("weight", 400);

        var answer = new LinkedHashMap<String, Object>();
        answer.put("capabilities", List.of("proposal"));
        answer.put("version", 0x20000000);
        answer.put("rules", List.of("csv", "!segwit", "taproot"));
        answer.put("vbavailable", Map.of());
        answer.put("vbrequired", 0);
        answer.put("previousblockhash", PREVIOUS.displayHex());
        answer.put("transactions", List.of(transaction));
        answer.put("coinbasevalue", SUBSIDY_SATS + 1000);
        answer.put("longpollid", PREVIOUS.displayHex() + "5");
        answer.put("target", "7fffff" + "00".repeat(29));
        answer.put("mintime", 1_790_000_001);
        answer.put("curtime", 1_790_000_010);
        answer.put("bits", "207fffff");
        answer.put("height", 101);
        answer.put("default_witness_commitment", COMMITMENT);
        return answer;
    }

    private static String commitment(Hash txid, Hash wtxid) {
        var body = TemplateBody.of(List.of(new TemplateTransaction(DATA, txid, wtxid, 0, 0, 0)));
        return "6a24aa21a9ed" + HexFormat.of().formatHex(body.witnessCommitment().bytes());
    }
}
