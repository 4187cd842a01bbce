package adit.server.firmware;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import adit.pow.Difficulty;
import adit.server.config.ConfigTable;
import adit.server.config.Section;
import adit.server.config.Setting;
import adit.server.config.TomlFile;
import adit.server.config.ValueKind;

import static adit.server.config.Setting.byDefault;
import static adit.server.config.Setting.optional;
import static adit.server.config.Setting.required;

/// Reads a firmware book: all of it is understood, or the first thing wrong is told in one line.
///
/// Every fact has a source, so that whoever doubts one can look it up and change it.
final class FirmwareFile {
    private static final String BUILT_IN = "/firmware.toml";
    private static final int MAX_TEXT = 400;

    private static final Setting<String> NAME =
            required("name", ValueKind.text(64), "NerdMiner", "What people call it.");
    private static final Setting<String> STARTS_WITH =
            optional("agent-starts-with", agent(), "NiceHash/", "How its agent begins.");
    private static final Setting<String> CONTAINS =
            optional("agent-contains", agent(), "NerdMiner", "What stands somewhere in its agent.");
    private static final Setting<CoinbaseClass> COINBASE_CLASS =
            byDefault(
                    "coinbase-class",
                    ValueKind.choice(CoinbaseClass.class, FirmwareFile::dashed),
                    CoinbaseClass.DEFAULT,
                    "How large a coinbase it takes.");
    private static final Setting<List<Integer>> EXTRANONCE2_SIZES =
            optional(
                    "extranonce2-sizes",
                    ValueKind.wholes(1, 32),
                    List.of(2, 4, 8),
                    "How many rollable bytes it is known to work with.");
    private static final Setting<DifficultyFormat> DIFFICULTY =
            byDefault(
                    "difficulty",
                    ValueKind.choice(DifficultyFormat.class, FirmwareFile::dashed),
                    DifficultyFormat.DOUBLE,
                    "What numbers it reads as a difficulty.");
    private static final Setting<BigDecimal> FIRST_DIFFICULTY =
            optional(
                    "first-difficulty",
                    ValueKind.difficulty(),
                    new BigDecimal("524288"),
                    "What it begins with, within the listener's limits.");
    private static final Setting<BigDecimal> MINIMUM_DIFFICULTY =
            optional(
                    "minimum-difficulty",
                    ValueKind.difficulty(),
                    new BigDecimal("500000"),
                    "Below this it refuses to work.");
    private static final Setting<Boolean> FOLLOWS_RECONNECT =
            byDefault(
                    "follows-reconnect",
                    ValueKind.yesOrNo(),
                    Firmware.UNKNOWN.followsReconnect(),
                    "Whether client.reconnect moves it.");
    private static final Setting<Boolean> SHOWS_MESSAGES =
            byDefault(
                    "shows-messages",
                    ValueKind.yesOrNo(),
                    Firmware.UNKNOWN.showsMessages(),
                    "Whether client.show_message reaches anybody.");
    private static final Setting<Boolean> ANSWERS_VERSION =
            byDefault(
                    "answers-version",
                    ValueKind.yesOrNo(),
                    Firmware.UNKNOWN.answersVersion(),
                    "Whether it answers client.get_version.");
    private static final Setting<CoinbaseCheck> COINBASE_CHECK =
            byDefault(
                    "coinbase-check",
                    ValueKind.choice(CoinbaseCheck.class, FirmwareFile::dashed),
                    CoinbaseCheck.NONE,
                    "What it does with the coinbase beside hashing it.");
    private static final Setting<String> SCREEN_WHEN_BOOKED =
            optional(
                    "screen-when-booked",
                    ValueKind.text(MAX_TEXT),
                    "…",
                    "What its owner sees where coinbases pay the pool.");
    private static final Setting<String> SCREEN_WHEN_DIRECT =
            optional(
                    "screen-when-direct",
                    ValueKind.text(MAX_TEXT),
                    "…",
                    "What its owner sees where coinbases pay the finder.");
    private static final Setting<String> NOTES =
            optional("notes", ValueKind.text(MAX_TEXT), "…", "What else is known.");
    private static final Setting<Map<String, String>> SOURCE =
            optional(
                    "source",
                    ValueKind.texts(MAX_TEXT),
                    Map.of(),
                    "Where each of the facts comes from, by its key.");

    private static final Section FIRMWARE =
            new Section(
                    "firmware",
                    Section.Count.SOME,
                    "A kind of firmware; the first that fits a miner's agent decides.",
                    List.of(
                            NAME,
                            STARTS_WITH,
                            CONTAINS,
                            COINBASE_CLASS,
                            EXTRANONCE2_SIZES,
                            DIFFICULTY,
                            FIRST_DIFFICULTY,
                            MINIMUM_DIFFICULTY,
                            FOLLOWS_RECONNECT,
                            SHOWS_MESSAGES,
                            ANSWERS_VERSION,
                            COINBASE_CHECK,
                            SCREEN_WHEN_BOOKED,
                            SCREEN_WHEN_DIRECT,
                            NOTES,
                            SOURCE));

    /// The keys that say who it is rather than state a fact.
    private static final List<String> IDENTITY =
            List.of(NAME.key(), STARTS_WITH.key(), CONTAINS.key(), SOURCE.key());

    private FirmwareFile() {}

    /// @throws adit.server.config.BadConfiguration with one line about what is wrong
    static FirmwareBook read(Path file) {
        return book(TomlFile.read(file, Map.of()));
    }

    /// The copy of `config/firmware.toml` this pool was built with.
    static FirmwareBook builtIn() {
        try (var in = FirmwareFile.class.getResourceAsStream(BUILT_IN)) {
            if (in == null) {
                throw new IllegalStateException("the pool was built without its firmware book");
            }
            var text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return book(TomlFile.of(Path.of("firmware.toml"), text, Map.of()));
        } catch (IOException cannot) {
            throw new UncheckedIOException(cannot);
        }
    }

    private static FirmwareBook book(TomlFile file) {
        file.refuseOtherThan(List.of(FIRMWARE));
        return new FirmwareBook(file.tables(FIRMWARE).stream().map(FirmwareFile::entry).toList());
    }

    private static FirmwareBook.Entry entry(ConfigTable table) {
        if (table.has(STARTS_WITH) == table.has(CONTAINS)) {
            throw table.missing("one of agent-starts-with and agent-contains");
        }
        var sources = table.optional(SOURCE).orElse(Map.of());
        checkSources(table, sources);
        var firmware =
                table.make(() ->
                        new Firmware(
                                table.value(NAME),
                                table.value(COINBASE_CLASS),
                                table.optional(EXTRANONCE2_SIZES).orElse(List.of()),
                                table.value(DIFFICULTY),
                                units(table, FIRST_DIFFICULTY),
                                units(table, MINIMUM_DIFFICULTY),
                                table.value(FOLLOWS_RECONNECT),
                                table.value(SHOWS_MESSAGES),
                                table.value(ANSWERS_VERSION),
                                table.value(COINBASE_CHECK),
                                table.optional(SCREEN_WHEN_BOOKED).orElse(""),
                                table.optional(SCREEN_WHEN_DIRECT).orElse(""),
                                table.optional(NOTES).orElse("")));
        return new FirmwareBook.Entry(
                firmware,
                table.optional(STARTS_WITH).orElse(""),
                table.optional(CONTAINS).orElse(""),
                sources);
    }

    private static void checkSources(ConfigTable table, Map<String, String> sources) {
        for (var setting : FIRMWARE.settings()) {
            boolean isFact = !IDENTITY.contains(setting.key());
            if (isFact && table.has(setting) && !sources.containsKey(setting.key())) {
                throw table.bad(
                        setting,
                        "%s in [[firmware]] needs a source: add source.%s = \"…\""
                                .formatted(setting.key(), setting.key()));
            }
            if (sources.containsKey(setting.key()) && !(isFact && table.has(setting))) {
                throw table.bad(
                        SOURCE, "source.%s stands beside no such fact".formatted(setting.key()));
            }
        }
        var keys = FIRMWARE.keys();
        for (var key : sources.keySet()) {
            if (!keys.contains(key)) {
                throw table.bad(SOURCE, "source.%s is of no key of [[firmware]]".formatted(key));
            }
        }
    }

    private static long units(ConfigTable table, Setting<BigDecimal> setting) {
        return table.optional(setting).map(Difficulty::units).orElse(0L);
    }

    private static ValueKind<String> agent() {
        return ValueKind.text(FirmwareBook.MAX_AGENT_CHARS);
    }

    private static String dashed(String name) {
        return name.toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
