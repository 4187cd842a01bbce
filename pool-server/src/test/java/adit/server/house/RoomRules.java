package adit.server.house;

import java.io.Closeable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaConstructorCall;

/// The rules about who may use whom, over class files.
///
/// The rooms of pool-server stand in the order of [#ORDER]: an import may only point left. Rooms at the same
/// place stand beside each other and use one another not at all. The module arrows themselves are in each
/// `module-info.java` and `pom.xml`.
final class RoomRules {
    /// The package `adit.server` itself, where the pool is put together.
    private static final String ROOT = "";

    private static final String MAIN_CLASS = "adit.server.Adit";

    /// Rooms from left to right; the main class is a room of its own, above all.
    static final List<Set<String>> ORDER =
            List.of(
                    Set.of("config"),
                    Set.of("metrics"),
                    Set.of("keep"),
                    Set.of("account", "firmware", "source", "trace"),
                    Set.of("job"),
                    Set.of("channel"),
                    Set.of("session", "block", "settle"),
                    Set.of("declare"),
                    Set.of("net"),
                    Set.of("control"),
                    Set.of("takeover"),
                    Set.of("admin"),
                    Set.of(ROOT),
                    Set.of("demo", "bench"),
                    Set.of("command"),
                    Set.of("main"));

    private static final Set<String> SHARE_PATH = Set.of("job", "channel", "session");

    /// What would block, or allocate without need, where shares are judged.
    private static final List<String> NOT_ON_THE_SHARE_PATH =
            List.of(
                    "java.sql.",
                    "java.net.http.",
                    "java.nio.file.",
                    "java.util.concurrent.locks.",
                    "java.util.concurrent.CompletableFuture",
                    "java.util.stream.",
                    "java.util.regex.",
                    "java.math.BigInteger");

    /// Packages (with a dot) or classes that may use a prefix; everything else of pool-server may not.
    private static final Map<String, Predicate<JavaClass>> ONLY_FROM =
            Map.of(
                    "adit.miner.", RoomRules::mayUseMiners,
                    "org.bitcoinj.", origin -> room(origin).equals("account"),
                    "adit.treasury.", origin -> Set.of("admin", "settle").contains(room(origin)),
                    "io.javalin.", origin -> room(origin).equals("admin"),
                    "org.shredzone.acme4j.", origin -> room(origin).equals("net"));

    private RoomRules() {}

    static List<Violation> check(JavaClasses classes) {
        var found = new ArrayList<Violation>();
        for (var origin : classes) {
            for (var dependency : origin.getDirectDependenciesFromSelf()) {
                var target = dependency.getTargetClass();
                if (isServer(origin)) {
                    checkRooms(dependency, origin, target, found);
                    checkSharePath(dependency, origin, target, found);
                    checkOnlyFrom(dependency, origin, target, found);
                }
                checkLeaves(dependency, origin, target, found);
            }
            for (var call : origin.getConstructorCallsFromSelf()) {
                checkComposition(call, origin, found);
            }
            for (var call : origin.getMethodCallsFromSelf()) {
                var called = call.getTargetOwner().getFullName() + "." + call.getName();
                if (isServer(origin)
                        && SHARE_PATH.contains(room(origin))
                        && Set.of("java.lang.Thread.sleep", "java.lang.String.format")
                                .contains(called)) {
                    found.add(
                            violation(
                                    "share-path",
                                    origin,
                                    call.getLineNumber(),
                                    called,
                                    "not where shares are judged"));
                }
            }
        }
        return found.stream().distinct().toList();
    }

    private static void checkRooms(
            Dependency dependency, JavaClass origin, JavaClass target, List<Violation> found) {
        if (!isServer(target)) {
            return;
        }
        var from = room(origin);
        var to = room(target);
        int fromPlace = place(from);
        int toPlace = place(to);
        if (fromPlace < 0) {
            found.add(
                    violation(
                            "room-order",
                            origin,
                            0,
                            from,
                            "give the new room a place in RoomRules"));
        } else if (toPlace > fromPlace || (toPlace == fromPlace && !from.equals(to))) {
            found.add(
                    violation(
                            "room-order",
                            origin,
                            line(dependency),
                            target.getFullName(),
                            "an import may only point left: "
                                    + shown(from)
                                    + " may not use "
                                    + shown(to)));
        } else if ((isProtocol(origin, "v1") && isProtocol(target, "v2"))
                || (isProtocol(origin, "v2") && isProtocol(target, "v1"))) {
            found.add(
                    violation(
                            "one-share-path",
                            origin,
                            line(dependency),
                            target.getFullName(),
                            "V1 and V2 meet in the channel, not in each other"));
        }
    }

    private static void checkSharePath(
            Dependency dependency, JavaClass origin, JavaClass target, List<Violation> found) {
        if (!SHARE_PATH.contains(room(origin))) {
            return;
        }
        var name = target.getFullName();
        for (var banned : NOT_ON_THE_SHARE_PATH) {
            if (name.startsWith(banned)) {
                found.add(
                        violation(
                                "share-path",
                                origin,
                                line(dependency),
                                name,
                                "not where shares are judged"));
            }
        }
        if (!room(origin).equals("session") && name.startsWith("adit.stratum.")) {
            found.add(
                    violation(
                            "protocol-free",
                            origin,
                            line(dependency),
                            name,
                            "jobs and channels know no protocol: translate in the session"));
        }
    }

    private static void checkOnlyFrom(
            Dependency dependency, JavaClass origin, JavaClass target, List<Violation> found) {
        ONLY_FROM.forEach((prefix, may) -> {
            if (target.getFullName().startsWith(prefix) && !may.test(origin)) {
                found.add(
                        violation(
                                "only-from",
                                origin,
                                line(dependency),
                                target.getFullName(),
                                "only the rooms named in RoomRules may use " + prefix));
            }
        });
    }

    /// Arrows inside the leaf modules, which module-info cannot draw.
    private static void checkLeaves(
            Dependency dependency, JavaClass origin, JavaClass target, List<Violation> found) {
        checkArrow(dependency, origin, target, "adit.payout", "adit.treasury", found);
        checkArrow(
                dependency, origin, target, "adit.ledger.journal", "adit.ledger.postgres", found);
        checkArrow(dependency, origin, target, "adit.stratum.v1", "adit.stratum.v2", found);
        checkArrow(dependency, origin, target, "adit.stratum.v2", "adit.stratum.v1", found);
    }

    private static void checkArrow(
            Dependency dependency,
            JavaClass origin,
            JavaClass target,
            String from,
            String to,
            List<Violation> found) {
        if (isIn(origin, from) && isIn(target, to)) {
            found.add(
                    violation(
                            "leaf-arrow",
                            origin,
                            line(dependency),
                            target.getFullName(),
                            from + " may not use " + to));
        }
    }

    /// What must be closed is made where everything is put together: in the root package or above.
    private static void checkComposition(
            JavaConstructorCall call, JavaClass origin, List<Violation> found) {
        var made = call.getTargetOwner();
        boolean isElsewhere =
                made.getPackageName().startsWith("adit.")
                        && !made.getPackageName().equals(origin.getPackageName());
        if (isServer(origin)
                && place(room(origin)) < place(ROOT)
                && isElsewhere
                && (made.isAssignableTo(AutoCloseable.class)
                        || made.isAssignableTo(Closeable.class))) {
            found.add(
                    violation(
                            "composition",
                            origin,
                            call.getLineNumber(),
                            "new " + made.getSimpleName(),
                            "take it through the constructor; only the composition root makes it"));
        }
    }

    private static boolean mayUseMiners(JavaClass origin) {
        boolean isCommand =
                room(origin).equals("command")
                        && origin.getBaseComponentType().getFullName().matches(".*(Miner|Bench).*");
        return isCommand || Set.of("demo", "bench").contains(room(origin));
    }

    private static boolean isServer(JavaClass type) {
        return isIn(type, "adit.server");
    }

    private static boolean isIn(JavaClass type, String packageName) {
        var name = type.getBaseComponentType().getPackageName();
        return name.equals(packageName) || name.startsWith(packageName + ".");
    }

    private static boolean isProtocol(JavaClass type, String version) {
        return isIn(type, "adit.server.session." + version);
    }

    /// The room of a class of pool-server: the first package below `adit.server`, empty for the root itself.
    private static String room(JavaClass type) {
        if (type.getBaseComponentType()
                .getFullName()
                .replaceFirst("\\$.*", "")
                .equals(MAIN_CLASS)) {
            return "main";
        }
        var below =
                type.getBaseComponentType()
                        .getPackageName()
                        .substring("adit.server".length())
                        .replaceFirst("^\\.", "");
        return below.replaceFirst("\\..*", "");
    }

    private static int place(String room) {
        for (int i = 0; i < ORDER.size(); i++) {
            if (ORDER.get(i).contains(room)) {
                return i;
            }
        }
        return -1;
    }

    private static String shown(String room) {
        return room.equals(ROOT) ? "the root package" : room;
    }

    /// ArchUnit ends a dependency's description with `(File.java:line)`.
    private static int line(Dependency dependency) {
        var digits = dependency.getDescription().replaceFirst(".*:(\\d+)\\)$", "$1");
        return digits.matches("\\d+") ? Integer.parseInt(digits) : 0;
    }

    private static Violation violation(
            String rule, JavaClass origin, int line, String what, String advice) {
        return new Violation(
                rule, origin.getFullName().replaceFirst("\\$.*", ""), line, what, advice);
    }
}
