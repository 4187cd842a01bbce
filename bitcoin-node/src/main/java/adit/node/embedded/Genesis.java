package adit.node.embedded;

import java.util.HexFormat;

/// The first block of regtest, which every embedded chain begins with.
///
/// Its one output can never be spent, and nobody checks its proof of work.
final class Genesis {
    static final Block BLOCK =
            Block.parse(
                    HexFormat.of()
                            .parseHex(
                                    "01000000"
                                            + "00".repeat(32)
                                            + "3ba3edfd7a7b12b27ac72c3e67768f617fc81bc3888a51323a9fb8aa4b1e5e4a"
                                            + "dae5494dffff7f200200000001"
                                            + "0100000001"
                                            + "00".repeat(32)
                                            + "ffffffff4d04ffff001d0104455468652054696d65732030332f4a616e"
                                            + "2f32303039204368616e63656c6c6f72206f6e206272696e6b206f6620"
                                            + "7365636f6e64206261696c6f757420666f722062616e6b73ffffffff01"
                                            + "00f2052a01000000434104678afdb0fe5548271967f1a67130b7105cd6"
                                            + "a828e03909a67962e0ea1f61deb649f6bc3f4cef38c4f35504e51ec112"
                                            + "de5c384df7ba0b8d578a4c702b6bf11d5fac00000000"));

    private Genesis() {}
}
