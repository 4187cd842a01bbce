package adit.pow;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class BlockHeaderTest {
    @Test
    void rebuildsRealHeadersAndTheirHashes() {
        for (var row : Vectors.suite("header_vectors")) {
            var header =
                    new BlockHeader(
                            Vectors.number(row, "header_version"),
                            Hash.fromDisplayHex(Vectors.text(row, "prevhash_display")),
                            Hash.fromDisplayHex(Vectors.text(row, "merkle_root_display")),
                            Vectors.number(row, "ntime"),
                            Vectors.number(row, "nbits"),
                            Vectors.number(row, "nonce"));

            assertThat(Vectors.hex(header.bytes())).isEqualTo(Vectors.text(row, "header"));
            assertThat(header.hash()).hasToString(Vectors.text(row, "hash_display"));
            assertThat(Target.fromNBits(header.nBits()).isMetBy(header.hash().bytes(), 0)).isTrue();
        }
    }

    @Test
    void readsBackWhatItWrites() {
        for (var row : Vectors.suite("header_vectors")) {
            var bytes = new byte[100];
            System.arraycopy(Vectors.bytes(row, "header"), 0, bytes, 7, BlockHeader.BYTES);

            var header = BlockHeader.read(bytes, 7);

            assertThat(Vectors.hex(header.bytes())).isEqualTo(Vectors.text(row, "header"));
            assertThat(header.version()).isEqualTo(Vectors.number(row, "header_version"));
            assertThat(header.nonce()).isEqualTo(Vectors.number(row, "nonce"));
        }
    }
}
