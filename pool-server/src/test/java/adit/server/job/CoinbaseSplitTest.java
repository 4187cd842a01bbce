package adit.server.job;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import adit.pow.CoinbaseOutput;
import adit.server.job.CoinbaseSplit.Payee;
import adit.server.job.CoinbaseSplit.Room;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class CoinbaseSplitTest {
    private static final byte[] P2WPKH = script("0014" + "11".repeat(20));
    private static final byte[] P2PKH = script("76a914" + "22".repeat(20) + "88ac");
    private static final byte[] P2TR = script("5120" + "33".repeat(32));
    private static final Room WIDE = new Room(100_000, 400);

    /// Everything in a coinbase but payout outputs: a scriptSig of 60 bytes, the pool's P2WPKH output and the witness
    /// commitment.
    private static final int BYTES_BESIDE = 4 + 1 + 36 + 1 + 60 + 4 + 1 + 31 + 47 + 4;

    private static byte[] script(String hex) {
        return HexFormat.of().parseHex(hex);
    }

    private static long sum(List<CoinbaseOutput> outputs) {
        return outputs.stream().mapToLong(CoinbaseOutput::sats).sum();
    }

    @Test
    void paysTheFinderAndKeepsTheFee() {
        var split = CoinbaseSplit.of(1_000_000, List.of(new Payee(7, P2TR, 990_000)), P2WPKH, WIDE);

        assertThat(split.paidSats()).isEqualTo(Map.of(7, 990_000L));
        assertThat(split.outputs())
                .extracting(CoinbaseOutput::sats)
                .containsExactly(990_000L, 10_000L);
        assertThat(split.outputs())
                .extracting(CoinbaseOutput::script)
                .containsExactly(P2TR, P2WPKH);
    }

    /// The vectors SO-01 to SO-03.
    @ParameterizedTest
    @CsvSource({
        "317734567, 311379876, 311379876, 6354691",
        "317734567, 317734567, 317734567, 0",
        "19531, 19434, 19531, 0",
        "19531, 19237, 19237, 294",
        "19531, 19238, 19531, 0",
    })
    void givesAFeeThatWouldBeDustToTheFinder(long value, long finderSats, long paid, long feeSats) {
        var split = CoinbaseSplit.of(value, List.of(new Payee(1, P2PKH, finderSats)), P2WPKH, WIDE);

        assertThat(split.paidSats()).isEqualTo(Map.of(1, paid));
        assertThat(sum(split.outputs())).isEqualTo(value);
        assertThat(split.outputs()).hasSize(feeSats == 0 ? 1 : 2);
    }

    @Test
    void carriesWhomThereIsNoRoomFor() {
        var payees =
                List.of(
                        new Payee(1, P2WPKH, 1_000),
                        new Payee(2, P2TR, 2_000),
                        new Payee(3, P2WPKH, 3_000));
        var split = CoinbaseSplit.of(10_000, payees, P2WPKH, new Room(31 + 31 + 31, 400));

        assertThat(split.paidSats()).isEqualTo(Map.of(1, 1_000L, 3, 3_000L));
        assertThat(split.outputs())
                .extracting(CoinbaseOutput::sats)
                .containsExactly(1_000L, 3_000L, 6_000L);
        var none = CoinbaseSplit.of(10_000, payees, P2WPKH, new Room(31 + 30, 400));
        assertThat(none.paidSats()).isEmpty();
        assertThat(none.outputs()).extracting(CoinbaseOutput::sats).containsExactly(10_000L);
    }

    @Test
    void carriesDustAndWhatCostsTooManySignatureChecks() {
        var dust = List.of(new Payee(1, P2WPKH, 293), new Payee(2, P2WPKH, 294));
        assertThat(CoinbaseSplit.of(10_000, dust, P2WPKH, WIDE).paidSats()).containsOnlyKeys(2);

        var many = new ArrayList<Payee>();
        for (int i = 1; i <= 120; i++) {
            many.add(new Payee(i, P2PKH, 1_000));
        }
        assertThat(CoinbaseSplit.of(200_000, many, P2WPKH, WIDE).paidSats()).hasSize(100);
    }

    /// The vectors CC-*: how many outputs of a kind a class of firmware holds.
    @ParameterizedTest
    @CsvSource({
        "500, 10, 9, 7",
        "755, 18, 16, 13",
        "6500, 203, 185, 146",
        "16000, 509, 464, 367",
    })
    void fillsAClassAsFarAsItGoes(int bytes, int p2wpkh, int p2pkh, int p2tr) {
        assertThat(held(bytes, P2WPKH)).isEqualTo(p2wpkh);
        assertThat(held(bytes, P2PKH)).isEqualTo(p2pkh);
        assertThat(held(bytes, P2TR)).isEqualTo(p2tr);
    }

    private static int held(int bytes, byte[] script) {
        var payees = new ArrayList<Payee>();
        for (int i = 1; i <= 600; i++) {
            payees.add(new Payee(i, script, 1_000));
        }
        // The room counts the pool's output, which stands beside it above.
        var room = new Room(bytes - BYTES_BESIDE + 31, 10_000);
        return CoinbaseSplit.of(1_000_000, payees, P2WPKH, room).paidSats().size();
    }

    @Test
    void conservesEverySatoshiWhateverFits() {
        long seed = 23;
        var random = new Random(seed);
        var scripts = List.of(P2WPKH, P2PKH, P2TR);
        for (int round = 0; round < 5_000; round++) {
            long value = random.nextInt(2_000_000);
            long left = value;
            var payees = new ArrayList<Payee>();
            for (int i = random.nextInt(8); i > 0; i--) {
                long sats = random.nextInt((int) Math.min(left, 40_000) + 1);
                left -= sats;
                payees.add(new Payee(i, scripts.get(random.nextInt(3)), sats));
            }
            var room = new Room(random.nextInt(400), random.nextInt(20));

            var split = CoinbaseSplit.of(value, payees, scripts.get(random.nextInt(3)), room);

            assertThat(sum(split.outputs())).as("seed %d round %d", seed, round).isEqualTo(value);
            long paid = split.paidSats().values().stream().mapToLong(Long::longValue).sum();
            assertThat(paid).isLessThanOrEqualTo(value);
            split.paidSats()
                    .forEach((number, sats) ->
                            assertThat(split.outputs()).anyMatch(o -> o.sats() == sats));
        }
    }

    @Test
    void refusesToPayMoreThanThereIs() {
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        CoinbaseSplit.of(9_999, List.of(new Payee(1, P2TR, 10_000)), P2WPKH, WIDE));
    }
}
