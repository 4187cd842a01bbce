package adit.server.config;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.dataformat.toml.TomlMapper;

/// A file of sections, read whole; the first thing in it that is not known is told in one line with its place.
public final class TomlFile {
    private final ConfigTable.Source source;
    private final JsonNode root;

    private TomlFile(ConfigTable.Source source, JsonNode root) {
        this.source = source;
        this.root = root;
    }

    /// Reads `file`; `environment` is where `${NAME}` is looked up.
    ///
    /// @throws BadConfiguration if it cannot be read, or is no TOML
    public static TomlFile read(Path file, Map<String, String> environment) {
        return of(file, text(file), environment);
    }

    /// A text that lies somewhere else than in a file; `name` stands in what is told about it.
    public static TomlFile of(Path name, String text, Map<String, String> environment) {
        var root = root(name, text);
        return new TomlFile(new ConfigTable.Source(name, TomlLines.of(text), environment), root);
    }

    public void refuseOtherThan(List<Section> sections) {
        var names = sections.stream().map(Section::name).toList();
        for (var name : root.propertyNames()) {
            if (names.contains(name)) {
                continue;
            }
            var what = root.path(name).isContainer() ? "section" : "key";
            var help =
                    NearestWord.to(name, names)
                            .map(nearest -> sections.get(names.indexOf(nearest)).header())
                            .map("did you mean %s?"::formatted)
                            .orElseGet(() ->
                                    sections.stream()
                                            .map(Section::header)
                                            .collect(Collectors.joining(", ", "there are ", "")));
            throw source.bad(
                    "unknown %s \"%s\"; %s".formatted(what, name, help),
                    root.path(name).isArray() ? name + "[0]" : name);
        }
    }

    ConfigTable table(Section section) {
        var values = root.path(section.name());
        if (!values.isMissingNode() && !values.isObject()) {
            throw source.bad(
                    "there is one %s; write it once, as %s"
                            .formatted(section.name(), section.header()),
                    values.isArray() ? section.name() + "[0]" : section.name());
        }
        var table =
                new ConfigTable(
                        source,
                        section,
                        section.name(),
                        values.isObject() ? values : JsonNodeFactory.instance.objectNode());
        table.refuseUnknownKeys();
        return table;
    }

    /// All sections of one kind, in the order of the file; at least one.
    public List<ConfigTable> tables(Section section) {
        var values = root.path(section.name());
        if (values.isMissingNode() && section.count() == Section.Count.ANY) {
            return List.of();
        }
        if (values.isMissingNode()) {
            throw source.bad("at least one %s is needed".formatted(section.header()));
        }
        if (!values.isArray() || !values.valueStream().allMatch(JsonNode::isObject)) {
            throw source.bad(
                    "there may be several of %s; write it as %s"
                            .formatted(section.name(), section.header()),
                    section.name());
        }
        var tables = new ArrayList<ConfigTable>();
        for (var value : values) {
            var path = section.name() + "[" + tables.size() + "]";
            var table = new ConfigTable(source, section, path, value);
            table.refuseUnknownKeys();
            tables.add(table);
        }
        refuseNamesakes(tables);
        return tables;
    }

    private static void refuseNamesakes(List<ConfigTable> tables) {
        var names = new HashSet<JsonNode>();
        for (var table : tables) {
            if (table.values().has("name") && !names.add(table.values().path("name"))) {
                throw table.bad(
                        "name",
                        "another %s has this name already".formatted(table.section().header()));
            }
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            throw new BadConfiguration(file, "there is no such file");
        } catch (CharacterCodingException e) {
            throw new BadConfiguration(file, 1, "cannot be read as text: it is not UTF-8");
        } catch (AccessDeniedException e) {
            throw new BadConfiguration(file, "cannot be read: permission denied");
        } catch (IOException e) {
            throw new BadConfiguration(file, "cannot be read: " + e.getMessage());
        }
    }

    private static JsonNode root(Path file, String text) {
        try {
            return new TomlMapper().readTree(text);
        } catch (JacksonException e) {
            throw new BadConfiguration(
                    file, lineOf(e, text), "not TOML: " + said(e.getOriginalMessage()));
        }
    }

    /// In words for who wrote the file. What is no token at all is mostly a word without quotes.
    private static String said(String message) {
        var line = message.lines().findFirst().orElse("");
        if (line.startsWith("Newline not permitted")) {
            return "this line ends too early: a value, a closing quote or a closing bracket is missing";
        }
        if (line.startsWith("Premature end of file")) {
            return "the file ends too early: a quote or a bracket above is not closed";
        }
        return line.startsWith("Unknown token")
                ? line + "; text stands in quotes, yes and no are written true and false"
                : line;
    }

    /// The parser notices a key written twice only behind its line, at the start of the next statement.
    private static int lineOf(JacksonException e, String text) {
        if (e.getLocation() == null) {
            return 1;
        }
        int line = Math.max(1, e.getLocation().getLineNr());
        if (e.getLocation().getColumnNr() == 1 && e.getOriginalMessage().startsWith("Duplicate")) {
            var lines = text.lines().toList();
            do {
                line--;
            } while (line > 1 && lines.get(line - 1).strip().replaceFirst("^#.*", "").isEmpty());
        }
        return line;
    }
}
