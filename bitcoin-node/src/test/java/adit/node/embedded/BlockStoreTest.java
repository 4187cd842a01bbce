package adit.node.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import adit.node.ChainParameters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class BlockStoreTest {
    @TempDir Path directory;

    @Test
    void goesOnWhereItStopped() {
        var file = directory.resolve("chain.dat");
        var clock = new TestClock();
        var settings = EmbeddedChainSettings.regtest();
        ChainEntry tip;
        Transaction waiting;
        Object coins;
        String address;
        try (var rig = new ChainRig(file, settings, clock)) {
            rig.mine(104);
            rig.node.invalidate(rig.chain().tip());
            rig.pay(7_000);
            rig.mine();
            waiting = rig.pay(8_000);
            address = rig.node.newAddress();
            tip = rig.chain().tip();
            coins = rig.coins();
        }
        try (var rig = new ChainRig(file, settings, clock)) {
            assertThat(rig.chain().tip().hash()).isEqualTo(tip.hash());
            assertThat(rig.chain().tip().height()).isEqualTo(104);
            assertThat(rig.coins()).isEqualTo(coins);
            assertThat(rig.waiting()).containsExactly(waiting.toString());
            assertThat(rig.node.mempool().laidAside()).isZero();
            assertThat(rig.node.wallet().address(rig.node.wallet().addresses() - 1))
                    .isEqualTo(address);
            assertThat(rig.node.newAddress()).isNotEqualTo(address);
            rig.mine();
            assertThat(rig.waiting()).isEmpty();
        }
    }

    @Test
    void losesOnlyTheTornBlockAtWhicheverByteItTore() throws IOException {
        var file = directory.resolve("chain.dat");
        long before;
        byte[] whole;
        ChainEntry last;
        try (var rig = new ChainRig(file)) {
            rig.mine(3);
            before = Files.size(file);
            last = rig.mine();
            whole = Files.readAllBytes(file);
        }
        for (long length = before; length <= whole.length; length++) {
            var torn = directory.resolve("torn-" + length);
            Files.write(torn, Arrays.copyOf(whole, (int) length));
            boolean isWhole = length == whole.length;
            try (var rig = new ChainRig(torn)) {
                assertThat(rig.chain().tip().height()).as("%d", length).isEqualTo(isWhole ? 4 : 3);
                assertThat(rig.chain().find(last.hash()).isPresent()).isEqualTo(isWhole);
                rig.mine();
            }
            try (var rig = new ChainRig(torn)) {
                assertThat(rig.chain().tip().height()).as("%d", length).isEqualTo(isWhole ? 5 : 4);
            }
        }
    }

    @Test
    void losesOnlyALastBlockWithAnyByteChanged() throws IOException {
        var file = directory.resolve("chain.dat");
        int before;
        byte[] whole;
        try (var rig = new ChainRig(file)) {
            rig.mine(3);
            before = (int) Files.size(file);
            rig.mine();
            whole = Files.readAllBytes(file);
        }
        for (int at = before; at < whole.length; at++) {
            var bytes = whole.clone();
            bytes[at] ^= 0x10;
            var changed = directory.resolve("changed-" + at);
            Files.write(changed, bytes);
            try (var rig = new ChainRig(changed)) {
                assertThat(rig.chain().tip().height()).as("byte %d", at).isEqualTo(3);
                assertThat(Files.size(changed)).isEqualTo(before);
            }
        }
    }

    @Test
    void refusesAFileDamagedInItsMiddle() throws IOException {
        var file = directory.resolve("chain.dat");
        try (var rig = new ChainRig(file)) {
            rig.mine(3);
        }
        var bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.write(file, bytes);

        assertThatThrownBy(() -> new ChainRig(file))
                .isInstanceOf(ChainUnavailable.class)
                .hasMessageContaining("damaged");
        assertThat(Files.readAllBytes(file)).isEqualTo(bytes);
    }

    @Test
    void refusesAChainOfOtherRules() {
        var file = directory.resolve("chain.dat");
        new ChainRig(file).close();
        var regtest = EmbeddedChainSettings.regtest();
        var other =
                new EmbeddedChainSettings(
                        ChainParameters.regtest(),
                        5,
                        0,
                        0,
                        regtest.mempoolWait(),
                        regtest.restOfNetwork());

        assertThatThrownBy(() -> new ChainRig(file, other, new TestClock()))
                .isInstanceOf(ChainUnavailable.class)
                .hasMessageContaining("other rules");
    }

    @Test
    void letsOneProcessHaveTheFile() {
        var file = directory.resolve("chain.dat");
        try (var rig = new ChainRig(file)) {
            assertThatThrownBy(() -> new ChainRig(file))
                    .isInstanceOf(ChainUnavailable.class)
                    .hasMessageContaining("in use");
            rig.mine();
        }
    }

    @Test
    void readsRecordsAcrossItsReadingWindow() {
        var file = directory.resolve("records");
        var sizes = List.of(0, 1, 700_000, 900_000, (1 << 20) - 16, 3 << 20, 5);
        try (var store = BlockStore.open(file)) {
            for (int size : sizes) {
                store.append(RecordType.TRANSACTION, filled(size));
            }
        }
        try (var store = BlockStore.open(file)) {
            var read = new java.util.ArrayList<byte[]>();
            store.replay((_, offset, payload) -> {
                read.add(payload);
                assertThat(store.read(offset, payload.length)).isEqualTo(payload);
            });
            assertThat(read.stream().map(payload -> payload.length)).isEqualTo(sizes);
            assertThat(read).allMatch(payload -> Arrays.equals(payload, filled(payload.length)));
        }
    }

    private static byte[] filled(int size) {
        var bytes = new byte[size];
        Arrays.fill(bytes, (byte) size);
        return bytes;
    }
}
