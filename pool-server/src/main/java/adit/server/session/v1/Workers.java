package adit.server.session.v1;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import adit.server.account.MinerName;

/// The names one connection has logged in with.
///
/// A submission's name is found by its bytes, so the usual case of one name costs a comparison. A name
/// spelled otherwise is accepted where it means the same: another case of a bech32 address, percent codes,
/// or the cut at 63 characters that some firmware makes, if only one name is logged in.
///
/// **Owner:** the session.
final class Workers {

    private static final int FIRMWARE_CUT_CHARS = 63;

    private final Map<String, Worker> byName = new HashMap<>(4);
    private @Nullable Worker last;

    void add(Worker worker) {
        byName.put(worker.fullName(), worker);
        last = worker;
    }

    int size() {
        return byName.size();
    }

    boolean isEmpty() {
        return byName.isEmpty();
    }

    @Nullable Worker find(byte[] bytes, int offset, int length, String network) {
        var known = last;
        if (known != null
                && Arrays.equals(
                        known.sentAs(), 0, known.sentAs().length, bytes, offset, offset + length)) {
            return known;
        }
        var text = new String(bytes, offset, length, StandardCharsets.UTF_8);
        var found = byName.get(text);
        if (found == null) {
            found = otherwiseSpelled(text, network);
        }
        if (found != null) {
            last = found;
        }
        return found;
    }

    private @Nullable Worker otherwiseSpelled(String text, String network) {
        if (byName.size() == 1 && text.length() == FIRMWARE_CUT_CHARS) {
            var only = byName.values().iterator().next();
            if (only.fullName().startsWith(text)) {
                return only;
            }
        }
        return switch (MinerName.parse(text, network)) {
            case MinerName.Parsed.Valid(var name) -> byName.get(fullName(name));
            case MinerName.Parsed.Refused _ -> null;
        };
    }

    private static String fullName(MinerName name) {
        return name.worker().isEmpty() ? name.account() : name.account() + "." + name.worker();
    }
}
