package adit.server.house;

import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/// The rules that a line of text or the length of a file can break.
final class LineRules {
    static final int MAX_FILE_LINES = 500;

    /// Banned words are put together here, so that this file does not contain them.
    private static final String UNFINISHED = "\\b(TO" + "DO|FIX" + "ME|XX" + "X|HA" + "CK)\\b";

    private static final String MACHINE_PATH = "/(wo" + "rk|ro" + "ot|fa" + "rm|home/[a-z]+)/";

    static final List<Rule> ALL =
            List.of(
                    inText(
                            "unfinished",
                            Rule::everywhere,
                            UNFINISHED,
                            "finish it, or say it in an issue"),
                    inText(
                            "machine-path",
                            Rule::everywhere,
                            MACHINE_PATH,
                            "no path of one machine belongs into the tree"),
                    inText(
                            "tab",
                            Rule::everywhere,
                            "\t",
                            "indent with spaces (spotless:apply does)"),
                    inText("author", Rule::everywhere, "@" + "author\\b", "git knows who wrote it"),
                    inText(
                            "code-in-comment",
                            Rule::everywhere,
                            "^\\s*//(?!/).*[;{}]\\s*$",
                            "delete code that is commented out; git keeps it"),
                    inText(
                            "block-comment",
                            Rule::everywhere,
                            "^\\s*/\\*",
                            "write `///` docs and `//` comments; no licence banners"),
                    inText(
                            "suppression",
                            Rule::everywhere,
                            "^\\s*@SuppressWarnings\\([^)]*\\)(?![ \\t]*//[ \\t]*\\w)",
                            "fix the cause, or end the line with `// why`"),
                    inCode(
                            "module-import",
                            Rule::everywhere,
                            "^\\s*import\\s+module\\b",
                            "import the types you use"),
                    inCode(
                            "skipped-test",
                            SourceFile::isTest,
                            "@Disabled\\b|@(Dis|En)abled(If|On|For)\\w*|\\bassum(e|ing)That\\b|\\bassume(True|False)\\b",
                            "tests always run; choose a backend inside the test"),
                    inCode(
                            "sleep-in-test",
                            SourceFile::isTest,
                            "\\bThread\\s*\\.\\s*sleep\\b|\\bTimeUnit\\.\\w+\\.sleep\\b",
                            "wait on a latch or condition with a deadline"),
                    inCode(
                            "mock",
                            Rule::everywhere,
                            "\\borg\\.(mockito|easymock|powermock)\\b",
                            "write a Fake or Faulty at the seam"),
                    inCode(
                            "assertions",
                            SourceFile::isTest,
                            "\\borg\\.junit\\.jupiter\\.api\\.Assertions\\b|\\borg\\.hamcrest\\b",
                            "assert with AssertJ"),
                    inCode(
                            "clock",
                            atWork(),
                            "\\bSystem\\s*\\.\\s*(currentTimeMillis|nanoTime)\\s*\\("
                                    + "|\\b(Instant|LocalDate|LocalDateTime|ZonedDateTime)\\s*\\.\\s*now\\s*\\(\\s*\\)",
                            "take the clock through the constructor"),
                    inCode(
                            "randomness",
                            atWork(),
                            "\\bnew\\s+Random\\s*\\(\\s*\\)|\\bMath\\s*\\.\\s*random\\b|\\bThreadLocalRandom\\b",
                            "take the source of randomness through the constructor"),
                    inCode(
                            "thread-local",
                            SourceFile::isMain,
                            "\\b(Inheritable)?ThreadLocal\\b",
                            "give the object an owner instead"),
                    inCode(
                            "lock",
                            SourceFile::isMain,
                            "\\bsynchronized\\b|\\bjava\\.util\\.concurrent\\.locks\\.(?!LockSupport)",
                            "hand over to the owning thread; a lock needs a reason in KnownExceptions"),
                    inCode(
                            "floating-money",
                            source ->
                                    source.isMain()
                                            && source.isIn(
                                                    "adit.payout", "adit.ledger", "adit.pow"),
                            "\\b(double|float|Double|Float)\\b",
                            "money, credit and judging are long or BigInteger"),
                    inCode(
                            "bare-exception",
                            SourceFile::isMain,
                            "\\bnew\\s+(RuntimeException|Exception|Throwable|Error)\\s*\\(",
                            "throw a named exception, or Check.that for our own mistakes"),
                    inCode(
                            "standard-output",
                            source ->
                                    source.isMain()
                                            && source.isIn(
                                                    "adit.pow",
                                                    "adit.stratum",
                                                    "adit.payout",
                                                    "adit.treasury",
                                                    "adit.node"),
                            "\\bSystem\\s*\\.\\s*(out|err)\\b|\\bprintStackTrace\\b",
                            "log through SLF4J, or return a value"),
                    new Rule(
                            "file-length",
                            "a second idea hides in it: divide it",
                            Rule::everywhere,
                            (source, found) -> {
                                int lines = (int) source.text().lines().count();
                                if (lines > MAX_FILE_LINES) {
                                    found.at(MAX_FILE_LINES, lines + " lines");
                                }
                            }));

    private LineRules() {}

    /// Main sources in which time and chance must come from outside. Where the pool, the demo and the commands are
    /// put together, clocks are made.
    private static Predicate<SourceFile> atWork() {
        var composing = Set.of("adit.server", "adit.server.demo", "adit.server.command");
        return source -> source.isMain() && !composing.contains(source.packageName());
    }

    private static Rule inText(
            String name, Predicate<SourceFile> where, String pattern, String advice) {
        return new Rule(name, advice, where, search(pattern, false));
    }

    private static Rule inCode(
            String name, Predicate<SourceFile> where, String pattern, String advice) {
        return new Rule(name, advice, where, search(pattern, true));
    }

    private static Rule.Search search(String pattern, boolean codeOnly) {
        var compiled = Pattern.compile(pattern, Pattern.MULTILINE);
        return (source, found) -> {
            var matcher = compiled.matcher(codeOnly ? source.code() : source.text());
            while (matcher.find()) {
                found.at(source.lineOf(matcher.start()), shown(matcher.group()));
            }
        };
    }

    private static String shown(String match) {
        var line = match.strip();
        return line.isEmpty() ? "tab" : line;
    }
}
