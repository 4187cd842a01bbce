package adit.server.config;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.StringNode;

/// What values a key takes: in words, how one is read, and how one is written.
///
/// A value that may be quoted back in a message is shown; one in which somebody may have put a password is not.
public record ValueKind<T>(
        String words,
        boolean mayBeShown,
        Function<JsonNode, Optional<T>> reader,
        Function<T, String> writer) {
    static final int MOST_PARTS = 1_000_000;
    private static final int MOST_PAYEES = 16;
    private static final Pattern WORD = Pattern.compile("[a-z0-9-]+");
    private static final Pattern PRINTABLE = Pattern.compile("[ -~]*");
    private static final Pattern HOST = Pattern.compile("[0-9A-Za-z.:_-]+");
    private static final int MOST_DOMAINS = 100;
    private static final Pattern DOMAIN =
            Pattern.compile("(?=.{1,253}$)[a-z0-9-]{1,63}(\\.[a-z0-9-]{1,63})*");
    private static final Pattern EMAIL =
            Pattern.compile("[!-~&&[^@,?]]{1,64}@[0-9A-Za-z.-]{1,253}");
    private static final Pattern MASK = Pattern.compile("[0-9a-fA-F]{1,8}");
    private static final Pattern ENVIRONMENT = Pattern.compile("\\$\\{([A-Za-z_][A-Za-z0-9_]*)}");
    private static final int ROLLABLE_VERSION_BITS = 0x1fffe000;

    public static ValueKind<String> text(int maxLength) {
        return text(
                "text of 1 to " + maxLength + " characters",
                text -> !text.isBlank() && text.length() <= maxLength);
    }

    /// A name that stands in a username behind a separator, and so holds none.
    static ValueKind<String> word(int maxLength) {
        return text(
                "1 to " + maxLength + " of a-z, 0-9 and -",
                text -> text.length() <= maxLength && WORD.matcher(text).matches());
    }

    public static ValueKind<Boolean> yesOrNo() {
        return new ValueKind<>(
                "true or false",
                true,
                node -> node.isBoolean() ? Optional.of(node.booleanValue()) : Optional.empty(),
                String::valueOf);
    }

    static ValueKind<List<PoolConfig.Split.Payee>> payees() {
        return new ValueKind<>(
                "a list of 1 to %d like {account = \"an-address\", parts = 60}, parts from 1 to %d"
                        .formatted(MOST_PAYEES, MOST_PARTS),
                true,
                node -> {
                    var payees =
                            node.valueStream()
                                    .map(ValueKind::payee)
                                    .flatMap(Optional::stream)
                                    .toList();
                    boolean good =
                            node.isArray()
                                    && payees.size() == node.size()
                                    && !payees.isEmpty()
                                    && payees.size() <= MOST_PAYEES;
                    return good ? Optional.of(payees) : Optional.empty();
                },
                payees ->
                        payees.stream()
                                .map(payee ->
                                        "{account = %s, parts = %d}"
                                                .formatted(quoted(payee.account()), payee.parts()))
                                .collect(Collectors.joining(", ", "[", "]")));
    }

    static ValueKind<String> ascii(int maxLength) {
        return text(
                "at most " + maxLength + " characters of plain ASCII",
                text -> text.length() <= maxLength && PRINTABLE.matcher(text).matches());
    }

    static ValueKind<String> host() {
        return text("an address or host name", text -> HOST.matcher(text).matches());
    }

    /// Names a certificate may be for, as far as a server can prove that they are its own.
    static ValueKind<List<String>> domains() {
        return new ValueKind<>(
                "a list of 1 to %d host names in lower case like [\"pool.example\"]"
                        .formatted(MOST_DOMAINS),
                true,
                node -> {
                    var names =
                            node.valueStream()
                                    .map(ValueKind::string)
                                    .flatMap(Optional::stream)
                                    .filter(name -> DOMAIN.matcher(name).matches())
                                    .distinct()
                                    .toList();
                    boolean good =
                            node.isArray()
                                    && names.size() == node.size()
                                    && !names.isEmpty()
                                    && names.size() <= MOST_DOMAINS;
                    return good ? Optional.of(names) : Optional.empty();
                },
                names ->
                        names.stream()
                                .map(ValueKind::quoted)
                                .collect(Collectors.joining(", ", "[", "]")));
    }

    static ValueKind<String> email() {
        return text("an e-mail address", text -> EMAIL.matcher(text).matches());
    }

    static ValueKind<URI> httpsUrl(String example) {
        return new ValueKind<>(
                "an address like " + quoted(example),
                false,
                node ->
                        string(node)
                                .flatMap(ValueKind::uriOf)
                                .filter(uri ->
                                        "https".equals(uri.getScheme())
                                                && uri.getHost() != null
                                                && uri.getUserInfo() == null),
                uri -> quoted(uri.toString()));
    }

    static ValueKind<List<Cidr>> cidrs() {
        return new ValueKind<>(
                "a list of networks like [\"10.0.0.0/8\", \"2001:db8::/32\"]",
                true,
                ValueKind::cidrsOf,
                networks ->
                        networks.stream()
                                .map(network -> quoted(network.toString()))
                                .collect(Collectors.joining(", ", "[", "]")));
    }

    /// The driver's default is the only mode of its queries that may be: in the simple one it puts values into the
    /// text of a statement itself.
    static ValueKind<String> databaseUrl() {
        return new ValueKind<>(
                "an address like \"jdbc:postgresql://host:5432/name\" without a password or preferQueryMode",
                false,
                node ->
                        string(node)
                                .filter(text -> text.startsWith("jdbc:postgresql:"))
                                .filter(text -> !text.contains("@"))
                                .filter(text -> {
                                    var lower = text.toLowerCase(Locale.ROOT);
                                    return !lower.contains("password")
                                            && !lower.contains("preferquerymode");
                                }),
                ValueKind::quoted);
    }

    /// The name in `${NAME}`.
    static ValueKind<String> environment() {
        return new ValueKind<>(
                "\"${NAME}\", the name of an environment variable",
                false,
                node -> {
                    var name = ENVIRONMENT.matcher(node.asString(""));
                    return node.isString() && name.matches()
                            ? Optional.of(name.group(1))
                            : Optional.empty();
                },
                name -> quoted("${" + name + "}"));
    }

    static ValueKind<Path> path() {
        return new ValueKind<>(
                "a path",
                true,
                node -> string(node).filter(text -> !text.isBlank()).flatMap(ValueKind::pathOf),
                path -> quoted(path.toString()));
    }

    static ValueKind<URI> uri(String example, String... schemes) {
        return new ValueKind<>(
                "an address like " + quoted(example) + " without a password",
                false,
                node ->
                        string(node)
                                .flatMap(ValueKind::uriOf)
                                .filter(uri ->
                                        Arrays.asList(schemes).contains(uri.getScheme())
                                                && uri.getHost() != null
                                                && uri.getPort() > 0
                                                && uri.getUserInfo() == null),
                uri -> quoted(uri.toString()));
    }

    static ValueKind<Integer> whole(int least, int most) {
        return whole((long) least, most, Math::toIntExact);
    }

    static ValueKind<Long> whole(long least, long most) {
        return whole(least, most, Function.identity());
    }

    static ValueKind<BigDecimal> decimal(String least, String most) {
        return decimal(
                "a number from " + least + " to " + most,
                new BigDecimal(least),
                new BigDecimal(most));
    }

    /// What fits a share's difficulty: a whole number of 2^-32, at most 2^62 of them.
    public static ValueKind<BigDecimal> difficulty() {
        return decimal(
                "a difficulty from 2^-32 to 1073741824",
                BigDecimal.ONE.divide(BigDecimal.TWO.pow(32)),
                BigDecimal.TWO.pow(30));
    }

    /// A part of the bits miners may roll, in hex; some bit at least, because firmware takes an empty mask as a
    /// failure.
    static ValueKind<Integer> versionMask() {
        return new ValueKind<>(
                "hex digits within \"1fffe000\"",
                true,
                node ->
                        string(node)
                                .filter(text -> MASK.matcher(text).matches())
                                .map(text -> Integer.parseUnsignedInt(text, 16))
                                .filter(mask -> mask != 0 && (mask & ~ROLLABLE_VERSION_BITS) == 0),
                mask -> quoted("%08x".formatted(mask)));
    }

    /// Some whole numbers, at least one.
    public static ValueKind<List<Integer>> wholes(int least, int most) {
        var one = whole(least, most);
        return new ValueKind<>(
                "a list like [2, 4, 8] of whole numbers from " + least + " to " + most,
                true,
                node -> {
                    var read = node.valueStream().map(one.reader()).toList();
                    return node.isArray()
                                    && !read.isEmpty()
                                    && read.stream().allMatch(Optional::isPresent)
                            ? Optional.of(read.stream().map(Optional::orElseThrow).toList())
                            : Optional.empty();
                },
                String::valueOf);
    }

    /// Texts by name, as in `of.one = "…"`.
    public static ValueKind<Map<String, String>> texts(int maxLength) {
        var one = text(maxLength);
        return new ValueKind<>(
                "a table of names, each with " + one.words(),
                true,
                node -> {
                    var texts = new TreeMap<String, String>();
                    for (var name : node.propertyNames()) {
                        one.reader()
                                .apply(node.path(name))
                                .ifPresent(text -> texts.put(name, text));
                    }
                    return node.isObject() && texts.size() == node.size()
                            ? Optional.of(texts)
                            : Optional.empty();
                },
                String::valueOf);
    }

    /// One of an enum's constants, by its name in any case.
    public static <E extends Enum<E>> ValueKind<E> choice(
            Class<E> type, Function<String, String> style) {
        var constants = type.getEnumConstants();
        return new ValueKind<>(
                "one of "
                        + Arrays.stream(constants)
                                .map(c -> style.apply(c.name()))
                                .collect(Collectors.joining(", ")),
                true,
                node ->
                        Arrays.stream(constants)
                                .filter(c ->
                                        style.apply(c.name()).equalsIgnoreCase(node.asString("")))
                                .findFirst(),
                constant -> quoted(style.apply(constant.name())));
    }

    private static Optional<PoolConfig.Split.Payee> payee(JsonNode node) {
        var account = string(node.path("account")).filter(text -> !text.isBlank());
        var parts = whole(1, MOST_PARTS).reader().apply(node.path("parts"));
        return account.isPresent() && parts.isPresent() && node.size() == 2
                ? Optional.of(new PoolConfig.Split.Payee(account.get(), parts.get()))
                : Optional.empty();
    }

    private static ValueKind<String> text(String words, Predicate<String> isValid) {
        return new ValueKind<>(
                words, true, node -> string(node).filter(isValid), ValueKind::quoted);
    }

    private static <N extends Number> ValueKind<N> whole(
            long least, long most, Function<Long, N> narrow) {
        return new ValueKind<>(
                "a whole number from " + least + " to " + most,
                true,
                node ->
                        Optional.of(node)
                                .filter(JsonNode::isIntegralNumber)
                                .map(JsonNode::bigIntegerValue)
                                .filter(value ->
                                        isWithin(
                                                value,
                                                BigInteger.valueOf(least),
                                                BigInteger.valueOf(most)))
                                .map(value -> narrow.apply(value.longValueExact())),
                String::valueOf);
    }

    private static ValueKind<BigDecimal> decimal(String words, BigDecimal least, BigDecimal most) {
        return new ValueKind<>(
                words,
                true,
                node ->
                        Optional.of(node)
                                .filter(n -> n.isIntegralNumber() || n.isBigDecimal())
                                .map(JsonNode::decimalValue)
                                .filter(value -> isWithin(value, least, most)),
                BigDecimal::toPlainString);
    }

    private static <C extends Comparable<C>> boolean isWithin(C value, C least, C most) {
        return value.compareTo(least) >= 0 && value.compareTo(most) <= 0;
    }

    private static Optional<String> string(JsonNode node) {
        return node.isString() ? Optional.of(node.stringValue()) : Optional.empty();
    }

    private static Optional<List<Cidr>> cidrsOf(JsonNode node) {
        var networks = new ArrayList<Cidr>();
        for (var element : node) {
            string(element).flatMap(Cidr::parse).ifPresent(networks::add);
        }
        return node.isArray() && networks.size() == node.size()
                ? Optional.of(networks)
                : Optional.empty();
    }

    private static Optional<Path> pathOf(String text) {
        try {
            return Optional.of(Path.of(text));
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    private static Optional<URI> uriOf(String text) {
        try {
            return Optional.of(new URI(text));
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }

    private static String quoted(String text) {
        return StringNode.valueOf(text).toString();
    }
}
