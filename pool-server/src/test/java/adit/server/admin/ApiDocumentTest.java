package adit.server.admin;

import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import adit.node.NodeHealth;
import adit.server.channel.Verdict;

import static org.assertj.core.api.Assertions.assertThat;

/// Holds `docs/admin/api.md` to the routes and the fields there are.
class ApiDocumentTest {
    private static final Pattern ROUTE = Pattern.compile("`GET (/[^`]*)`");

    private final String document = read();

    @Test
    void listsExactlyTheRoutesThereAre() {
        var listed = ROUTE.matcher(document).results().map(match -> match.group(1));

        try (var admin = new AdminFixture()) {
            assertThat(new TreeSet<>(listed.toList()))
                    .containsExactlyInAnyOrderElementsOf(
                            admin.server.routes().stream().map(Route::path).toList());
        }
    }

    @Test
    void listsEveryField() {
        var fields =
                Stream.concat(
                                Arrays.stream(Json.class.getDeclaredClasses())
                                        .filter(Class::isRecord),
                                Stream.of(Hashrate.class))
                        .flatMap(shape -> Arrays.stream(shape.getRecordComponents()))
                        .map(RecordComponent::getName)
                        .filter(name -> !name.equals("error"))
                        .collect(Collectors.toCollection(TreeSet::new));

        assertThat(quoted()).containsAll(fields);
    }

    @Test
    void listsEveryWordAFieldCanSay() {
        var words =
                Stream.of(NodeHealth.values(), Json.Condition.values())
                        .flatMap(Arrays::stream)
                        .map(Enum::name)
                        .toList();
        var verdicts = Arrays.stream(Verdict.values()).map(v -> v.name().toLowerCase(Locale.ROOT));

        assertThat(quoted()).containsAll(words).containsAll(verdicts.toList());
    }

    private Set<String> quoted() {
        return Pattern.compile("`([^`]+)`")
                .matcher(document)
                .results()
                .map((MatchResult match) -> match.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String read() {
        try {
            return Files.readString(Path.of("..", "docs", "admin", "api.md"));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
