package adit.server.admin;

import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/// The name in a request's `Host` field without its port; this machine where there is none worth repeating.
final class HostName {

    private static final Pattern WITH_PORT =
            Pattern.compile("([A-Za-z0-9._-]{1,253}|\\[[0-9A-Fa-f:.]{2,45}])(:[0-9]{1,5})?");

    private HostName() {}

    static String of(@Nullable String field) {
        var matcher = WITH_PORT.matcher(field == null ? "" : field);
        return matcher.matches() ? matcher.group(1) : "localhost";
    }
}
