package adit.server.account;

import java.math.BigDecimal;
import java.util.List;

import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

@NullUnmarked // a test fails on null by itself
final class PasswordOptionsTest {

    @Test
    void readsThePasswordsOfTheDialect() {
        int read = 0;
        for (var example : Vectors.sv1("password_examples")) {
            var text = example.get("text").asString();
            var options = PasswordOptions.parse(text);
            assertEqual(options.startDifficulty(), example.get("start_difficulty"), text);
            assertEqual(options.minimumDifficulty(), example.get("min_difficulty"), text);
            assertThat(options.fixedDifficulty()).isNull();
            read++;
        }
        assertThat(read).isEqualTo(11);
    }

    @Test
    void readsEverySeparatorAndEveryName() {
        for (var text : List.of("a,d=8", "a;d=8", "a d=8", "a&d=8", "diff=8", "DIFF=8", "d=8,x")) {
            assertThat(PasswordOptions.parse(text).startDifficulty()).as(text).isEqualTo("8");
        }
        assertThat(PasswordOptions.parse("md=4").minimumDifficulty()).isEqualTo("4");
        assertThat(PasswordOptions.parse("fd=4").fixedDifficulty()).isEqualTo("4");
        assertThat(PasswordOptions.parse("static=4").fixedDifficulty()).isEqualTo("4");
        assertThat(PasswordOptions.parse("x,th=13.5").terahashesPerSecond()).isEqualTo("13.5");
    }

    @Test
    void takesTheFirstOfSeveral() {
        assertThat(PasswordOptions.parse("d=1,d=2,d=4").startDifficulty()).isEqualTo("1");
    }

    @Test
    void ignoresWhatIsNoPositiveFiniteNumber() {
        for (var text :
                List.of(
                        "d=0",
                        "d=-1",
                        "d=",
                        "d=NaN",
                        "d=Infinity",
                        "d=1e999",
                        "d=1e-999",
                        "d=0x10",
                        "d=٣",
                        "d=" + "9".repeat(33),
                        "=5",
                        "d",
                        "d5",
                        "x' OR '1'='1",
                        "\0d=5")) {
            var options = PasswordOptions.parse(text);
            assertThat(options).as(text).isEqualTo(PasswordOptions.NONE);
        }
    }

    @Test
    void readsNothingBehindTheFirst256Characters() {
        assertThat(PasswordOptions.parse("x".repeat(252) + ",d=5").startDifficulty())
                .isEqualTo("5");
        assertThat(PasswordOptions.parse("x".repeat(257) + ",d=5").startDifficulty()).isNull();
    }

    private static void assertEqual(BigDecimal read, JsonNode wanted, String text) {
        if (wanted == null || wanted.isNull()) {
            assertThat(read).as(text).isNull();
        } else {
            assertThat(read).as(text).isEqualByComparingTo(wanted.decimalValue());
        }
    }
}
