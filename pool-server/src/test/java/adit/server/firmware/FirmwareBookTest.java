package adit.server.firmware;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import adit.pow.Difficulty;
import adit.server.config.BadConfiguration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class FirmwareBookTest {
    private static final Path COMMITTED = Path.of("..", "config", "firmware.toml");

    @TempDir private Path directory;

    private final FirmwareBook book = FirmwareFile.builtIn();

    @ParameterizedTest
    @CsvSource({
        "NerdMinerV2, NerdMiner, TINY_SOC, DOUBLE",
        "my NERDMINER at home, NerdMiner, TINY_SOC, DOUBLE",
        "NiceHash/1.0.0, NiceHash, NICEHASH, DOUBLE",
        "not NiceHash/1.0.0, unknown, DEFAULT, DOUBLE",
        "Antminer S21/49.0.1.3, Antminer S21, ANTMAIN2, DOUBLE",
        "Antminer S19j Pro, unknown, DEFAULT, DOUBLE",
        "bosminer-plus-tuner 0.2.0, Braiins OS, ANTMAIN2, FLOAT",
        "bosminer/0.1, bosminer, DEFAULT, FLOAT",
        "whatsminer/v1.1, Whatsminer, RESPECTABLE, DOUBLE",
        "bitaxe/BM1370/v2.14.2, AxeOS (Bitaxe), RESPECTABLE, DOUBLE",
        "NerdQAxe++/BM1370/V1.0.37.2-LTS, NerdQAxe, RESPECTABLE, INTEGER",
        "NerdOCTAXE-?/BM1370/v1.0.36, NerdQAxe, RESPECTABLE, INTEGER",
        "bfgminer/5.5.0, bfgminer, DEFAULT, DOUBLE",
        "PowerPlay-BM/1.9, ePIC, YUGE, DOUBLE",
        "xminer-1.2.6, VNish, YUGE, DOUBLE",
        "cgminer/4.11.1, cgminer and its family, DEFAULT, DOUBLE",
        "'', unknown, DEFAULT, DOUBLE",
    })
    void knowsAFirmwareByItsAgent(
            String agent, String name, CoinbaseClass coinbaseClass, DifficultyFormat format) {
        var firmware = book.of(agent);

        assertThat(firmware.name()).isEqualTo(name);
        assertThat(firmware.coinbaseClass()).isEqualTo(coinbaseClass);
        assertThat(firmware.difficulty()).isEqualTo(format);
    }

    @Test
    void isBuiltFromTheCommittedFile() {
        assertThat(FirmwareFile.read(COMMITTED).entries()).isEqualTo(book.entries());
    }

    @Test
    void givesEveryFirmwareAnExtranonceItWorksWith() {
        assertThat(book.entries())
                .filteredOn(entry -> !entry.firmware().extranonce2Sizes().isEmpty())
                .allSatisfy(entry -> assertThat(entry.firmware().extranonce2Sizes()).contains(8));
    }

    @Test
    void knowsTheDifficultiesOfNiceHash() {
        var niceHash = book.of("NiceHash/1.0.0");

        assertThat(niceHash.firstUnits()).isEqualTo(524_288 * Difficulty.ONE);
        assertThat(niceHash.leastUnits()).isEqualTo(500_000 * Difficulty.ONE);
    }

    @Test
    void cleansAgents() {
        assertThat(FirmwareBook.clean("bit\u0000axe\n\u001b[31m/é…")).isEqualTo("bitaxe[31m/");
        assertThat(FirmwareBook.clean("x".repeat(129))).hasSize(128);
        assertThat(FirmwareBook.clean("x".repeat(128))).hasSize(128);
        assertThat(book.of("bit\u0000axe/x").name()).isEqualTo("AxeOS (Bitaxe)");
        assertThat(book.of("x".repeat(128) + "NerdMiner")).isSameAs(Firmware.UNKNOWN);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "agent-starts-with = 'x'|:1: [[firmware]] needs name",
                "name = 'x'|:1: [[firmware]] needs one of agent-starts-with and agent-contains",
                "name = 'x'; agent-starts-with = 'x'; agent-contains = 'x'|:1: [[firmware]] needs one of",
                "name = 'x'; agent-contains = 'x'; difficulty = 'integer'|:4: difficulty in [[firmware]] needs a source: add source.difficulty = \"…\"",
                "name = 'x'; agent-contains = 'x'; difficulty = 'int'; source.difficulty = 'x'|:4: difficulty in [[firmware]] must be one of integer, float, double, not \"int\"",
                "name = 'x'; agent-contains = 'x'; source.difficulty = 'x'|source.difficulty stands beside no such fact",
                "name = 'x'; agent-contains = 'x'; source.dificulty = 'x'|source.dificulty is of no key of [[firmware]]",
                "name = 'x'; agent-contains = 'x'; coinbaseclass = 'x'|:4: unknown key \"coinbaseclass\" in [[firmware]]; did you mean \"coinbase-class\"?",
                "name = 'x'; agent-contains = 'x'; extranonce2-sizes = []; source.extranonce2-sizes = 'x'|must be a list like [2, 4, 8]",
                "name = 'x'; agent-contains = 'x'; extranonce2-sizes = [8, 'x']; source.extranonce2-sizes = 'x'|must be a list like [2, 4, 8]",
                "name = 'x'; agent-contains = 'x'; follows-reconnect = 1; source.follows-reconnect = 'x'|must be true or false, not 1",
                "name = 'x'; agent-contains = 'x'; first-difficulty = 1; minimum-difficulty = 2; source.first-difficulty = 'x'; source.minimum-difficulty = 'x'|first-difficulty must not be below minimum-difficulty",
                "name = 'x'; agent-contains = 'x'; source.name = 'x'|source.name stands beside no such fact",
            })
    void tellsWhatIsWrongInOneLine(String body, String told) throws IOException {
        var file = book(body.replace("; ", "\n"));

        assertThatThrownBy(() -> FirmwareFile.read(file))
                .isInstanceOf(BadConfiguration.class)
                .hasMessageStartingWith(file.toString())
                .hasMessageContaining(told)
                .message()
                .hasLineCount(1);
    }

    @Test
    void refusesOtherSections() throws IOException {
        var file = Files.writeString(directory.resolve("x.toml"), "[[firmwares]]\nname = 'x'\n");

        assertThatThrownBy(() -> FirmwareFile.read(file))
                .hasMessageContaining("unknown section \"firmwares\"; did you mean [[firmware]]?");
    }

    @Test
    void takesTheFirstThatFits() throws IOException {
        var file =
                book(
                        "name = 'one'\nagent-contains = 'axe'\n[[firmware]]\nname = 'two'\n"
                                + "agent-starts-with = 'bitaxe'");

        assertThat(FirmwareFile.read(file).of("BITAXE").name()).isEqualTo("one");
    }

    @Test
    void readsABookAgainAndKeepsTheOldOneForABadOne() throws IOException {
        var file = book("name = 'one'\nagent-contains = 'axe'");
        var shelf = new FirmwareShelf(file);
        assertThat(shelf.of("bitaxe").name()).isEqualTo("one");

        book("name = 'two'\nagent-contains = 'axe'");
        assertThat(shelf.reload().line())
                .isEqualTo("firmware book: read again, 1 kind of firmware");
        assertThat(shelf.of("bitaxe").name()).isEqualTo("two");

        book("name = 'three'");
        assertThat(shelf.reload().line())
                .startsWith("firmware book: kept the one before, because " + file + ":1: ");
        assertThat(shelf.of("bitaxe").name()).isEqualTo("two");

        Files.delete(file);
        assertThat(shelf.reload().line()).contains("there is no such file");
        assertThat(shelf.of("bitaxe").name()).isEqualTo("two");
        assertThat(new FirmwareShelf(null).reload().line()).contains("names no file");
    }

    @Test
    void showsAScreenFromLoginToEnd() {
        var shelf = new FirmwareShelf(null);
        var bitaxe = shelf.of("bitaxe/BM1370/v2.14.2");

        shelf.show("bc1q.rig", bitaxe, true);
        shelf.show("bc1q.asic", Firmware.UNKNOWN, true);

        assertThat(shelf.screen("bc1q.rig").orElseThrow().text())
                .isEqualTo(bitaxe.screenWhenDirect());
        assertThat(shelf.screen("bc1q.asic")).isEmpty();
        shelf.hide("bc1q.rig", bitaxe, false);
        assertThat(shelf.screen("bc1q.rig")).isPresent();
        shelf.hide("bc1q.rig", bitaxe, true);
        assertThat(shelf.screen("bc1q.rig")).isEmpty();
    }

    private Path book(String body) throws IOException {
        return Files.writeString(directory.resolve("x.toml"), "[[firmware]]\n" + body + "\n");
    }
}
