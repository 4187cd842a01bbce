package adit.server.config;

import java.util.List;

/// A section of the file: `[name]`, or `[[name]]` where there may be several.
record Section(String name, boolean isRepeated, String description, List<Setting<?>> settings) {
    String header() {
        return isRepeated ? "[[" + name + "]]" : "[" + name + "]";
    }

    List<String> keys() {
        return settings.stream().<String>map(Setting::key).toList();
    }
}
