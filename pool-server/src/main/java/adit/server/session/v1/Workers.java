package adit.server.session.v1;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import adit.server.account.MinerName;
import adit.server.account.Usernames;

/// The names one connection has logged in with.
///
/// A submission's name is found by its bytes, so the usual case of one name costs a comparison, and a
/// proxy's thousands a look-up. A name spelled otherwise than at login is accepted where it means the same:
/// another case of a bech32 address, another separator, percent codes. Where only one name is logged in it
/// may also differ in case, or be cut at 63 characters, as some firmware does.
///
/// **Owner:** the session.
final class Workers {

    private static final int FIRMWARE_CUT_CHARS = 63;

    private final Map<String, Worker> byName = new HashMap<>(4);
    private final Map<String, Worker> asSent = new HashMap<>(4);
    private @Nullable Worker last;

    /// A name that logs in again, spelled otherwise perhaps, takes its own place.
    void add(Worker worker) {
        var before = byName.put(worker.fullName(), worker);
        if (before != null) {
            asSent.remove(text(before.sentAs(), 0, before.sentAs().length));
        }
        asSent.put(text(worker.sentAs(), 0, worker.sentAs().length), worker);
        last = worker;
    }

    void forEach(Consumer<Worker> action) {
        byName.values().forEach(action);
    }

    /// Each worker's name, and the part before its first dot.
    List<String> names() {
        var names = new ArrayList<>(byName.keySet());
        for (var name : byName.keySet()) {
            int dot = name.indexOf('.');
            names.add(dot < 0 ? name : name.substring(0, dot));
        }
        return names;
    }

    /// Whether this name, in whatever spelling, has logged in.
    boolean has(String fullName) {
        return byName.containsKey(fullName);
    }

    int size() {
        return byName.size();
    }

    boolean isEmpty() {
        return byName.isEmpty();
    }

    @Nullable Worker find(byte[] bytes, int offset, int length, Usernames usernames) {
        var known = last;
        if (known != null
                && Arrays.equals(
                        known.sentAs(), 0, known.sentAs().length, bytes, offset, offset + length)) {
            return known;
        }
        var text = text(bytes, offset, length);
        var found = asSent.get(text);
        if (found == null) {
            found = otherwiseSpelled(text, usernames);
        }
        if (found != null) {
            last = found;
        }
        return found;
    }

    private @Nullable Worker otherwiseSpelled(String text, Usernames usernames) {
        var only = byName.size() == 1 ? byName.values().iterator().next() : null;
        if (only != null && isGarbled(text, only)) {
            return only;
        }
        return switch (usernames.parse(text)) {
            case MinerName.Parsed.Valid(var name) ->
                    only != null && name.text().equalsIgnoreCase(only.fullName())
                            ? only
                            : byName.get(name.text());
            case MinerName.Parsed.Refused _ -> null;
        };
    }

    private static boolean isGarbled(String text, Worker worker) {
        var sent = text(worker.sentAs(), 0, worker.sentAs().length);
        boolean cut =
                text.length() == FIRMWARE_CUT_CHARS
                        && (sent.startsWith(text) || worker.fullName().startsWith(text));
        return cut || text.equalsIgnoreCase(sent);
    }

    private static String text(byte[] bytes, int offset, int length) {
        return new String(bytes, offset, length, StandardCharsets.UTF_8);
    }
}
