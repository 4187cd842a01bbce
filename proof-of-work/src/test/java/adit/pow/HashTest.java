package adit.pow;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class HashTest {
    private static final String GENESIS =
            "000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f";

    @Test
    void showsInternalBytesReversed() {
        for (var row : Vectors.suite("prevhash")) {
            var hash = Hash.of(Vectors.bytes(row, "internal"));

            assertThat(hash.displayHex()).isEqualTo(Vectors.text(row, "display"));
            assertThat(Hash.fromDisplayHex(Vectors.text(row, "display"))).isEqualTo(hash);
        }
    }

    @Test
    void keepsItsBytesWhenTheSourceChanges() {
        var source = Hash.fromDisplayHex(GENESIS).bytes().clone();
        var whole = Hash.of(source);
        var part = Hash.of(source, 0);

        source[0] ^= 1;

        assertThat(whole).isEqualTo(part).hasToString(GENESIS);
    }

    @Test
    void isEqualByContent() {
        var hash = Hash.fromDisplayHex(GENESIS);

        assertThat(hash).isEqualTo(Hash.fromDisplayHex(GENESIS)).isNotEqualTo(Hash.ZERO);
        assertThat(hash).hasSameHashCodeAs(Hash.fromDisplayHex(GENESIS));
    }

    @Test
    void readsFromTheMiddleOfAnArray() {
        var array = new byte[40];
        System.arraycopy(Hash.fromDisplayHex(GENESIS).bytes(), 0, array, 8, Hash.BYTES);

        assertThat(Hash.of(array, 8)).hasToString(GENESIS);
    }

    @Test
    void refusesAnythingButThirtyTwoBytes() {
        assertThatIllegalArgumentException().isThrownBy(() -> Hash.of(new byte[31]));
        assertThatIllegalArgumentException().isThrownBy(() -> Hash.of(new byte[33]));
        assertThatIllegalArgumentException().isThrownBy(() -> Hash.of(new byte[40], 9));
        assertThatIllegalArgumentException().isThrownBy(() -> Hash.of(new byte[40], -1));
        assertThatIllegalArgumentException().isThrownBy(() -> Hash.fromDisplayHex("00"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Hash.fromDisplayHex(GENESIS.replace('d', 'x')));
    }

    @Test
    void hashesInPlaceAsIfApart() {
        var sha = new Sha256d();
        var apart = new byte[32];
        var inPlace = Vectors.bytes("00112233445566778899aabbccddeeff".repeat(3));
        var content = inPlace.clone();

        sha.hash(inPlace, 0, 48, apart, 0);
        sha.hash(inPlace, 0, 48, inPlace, 5);

        assertThat(Hash.of(inPlace, 5))
                .isEqualTo(Hash.of(apart))
                .isEqualTo(Hash.ofContent(content));
    }

    @Test
    void isNotSpoiltByATargetWithoutRoom() {
        var sha = new Sha256d();
        var hash = new byte[32];

        assertThatExceptionOfType(IndexOutOfBoundsException.class)
                .isThrownBy(() -> sha.hash(new byte[3], 0, 3, hash, 1));
        sha.hash(new byte[3], 0, 3, hash, 0);

        assertThat(Hash.of(hash)).isEqualTo(Hash.ofContent(new byte[3]));
    }
}
