package adit.server.config;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

final class TomlLinesTest {
    @Test
    void countsLinesThroughValuesOfSeveralLines() {
        var lines =
                TomlLines.of(
                        """
                        # a comment with = and [brackets]
                        top = [ # "one"
                          "a]", 'b"',
                        ]
                        text = \"""
                        [not-a-section]
                        key = 1 \\\"""
                        \"""
                        after = 1
                        [ spaced . name ] # comment
                          "quoted" = '''
                        x = 1'''''
                        dotted . key = { inner = 1, "]" = 2 }
                        [[many]]
                        a = 1
                        [[many]]
                        a = 2
                        """);

        assertThat(lines.lineOf("top")).isEqualTo(2);
        assertThat(lines.lineOf("text")).isEqualTo(5);
        assertThat(lines.lineOf("after")).isEqualTo(9);
        assertThat(lines.lineOf("spaced.name")).isEqualTo(10);
        assertThat(lines.lineOf("spaced.name", "quoted")).isEqualTo(11);
        assertThat(lines.lineOf("spaced.name", "dotted.key", "inner")).isEqualTo(13);
        assertThat(lines.lineOf("many[0]", "a")).isEqualTo(15);
        assertThat(lines.lineOf("many[1]")).isEqualTo(16);
        assertThat(lines.lineOf("many[1]", "a")).isEqualTo(17);
        assertThat(lines.lineOf("many[1]", "b")).isEqualTo(16);
        assertThat(lines.lineOf("nowhere")).isEqualTo(1);
    }
}
