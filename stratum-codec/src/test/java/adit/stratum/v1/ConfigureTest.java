package adit.stratum.v1;

import java.math.BigDecimal;
import java.util.List;

import org.junit.jupiter.api.Test;

import adit.stratum.MalformedMessage;

import static org.assertj.core.api.Assertions.assertThat;

final class ConfigureTest {

    @Test
    void readsAllFourExtensions() throws MalformedMessage {
        var extensions =
                extensions(
                        "[\"info\",\"minimum-difficulty\",\"version-rolling\",\"subscribe-extranonce\",\"future\"],"
                                + "{\"version-rolling.mask\":\"1fffe000\",\"version-rolling.min-bit-count\":\"2\","
                                + "\"minimum-difficulty.value\":0.5,"
                                + "\"info.hw-id\":\"<img>\\u0007\",\"info.sw-version\":7}");

        assertThat(extensions)
                .containsExactly(
                        new V1Extension.MinerInfo("", "", "", "<img>?"),
                        new V1Extension.MinimumDifficulty(new BigDecimal("0.5")),
                        new V1Extension.VersionRolling(0x1fffe000, 2),
                        new V1Extension.SubscribeExtranonce(),
                        new V1Extension.Other("future"));
    }

    @Test
    void asksForAllBitsWhereNoMaskIsGiven() throws MalformedMessage {
        var rolling = List.<V1Extension>of(new V1Extension.VersionRolling(0xffffffff, 0));

        assertThat(extensions("[\"version-rolling\"]")).isEqualTo(rolling);
        assertThat(extensions("[\"version-rolling\"],null")).isEqualTo(rolling);
        assertThat(extensions("[\"version-rolling\"],{}")).isEqualTo(rolling);
        assertThat(extensions("[\"version-rolling\",\"version-rolling\"],{}")).isEqualTo(rolling);
    }

    @Test
    void ignoresParametersOfExtensionsThatAreNotAskedFor() throws MalformedMessage {
        assertThat(extensions("[],{\"version-rolling.mask\":5}")).isEmpty();
    }

    @Test
    void refusesMalformedParameters() throws MalformedMessage {
        for (var mask : List.of("\"\"", "\"123456789\"", "\"0x1\"", "5", "null", "\"xyz\"")) {
            assertThat(wrong("[\"version-rolling\"],{\"version-rolling.mask\":" + mask + "}"))
                    .contains("mask");
        }
        for (var count : List.of("-1", "33", "\"x\"", "null", "2.5", "[]", "1e9", "\"\"")) {
            assertThat(
                            wrong(
                                    "[\"version-rolling\"],{\"version-rolling.min-bit-count\":"
                                            + count
                                            + "}"))
                    .contains("min-bit-count");
        }
        for (var value : List.of("-5", "\"x\"", "null", "true", "\"NaN\"")) {
            assertThat(
                            wrong(
                                    "[\"minimum-difficulty\"],{\"minimum-difficulty.value\":"
                                            + value
                                            + "}"))
                    .contains("minimum-difficulty");
        }
    }

    @Test
    void refusesParamsOfTheWrongShape() throws MalformedMessage {
        assertThat(wrong("")).contains("array");
        assertThat(wrong("\"version-rolling\",{}")).contains("array");
        assertThat(wrong("[\"version-rolling\"],[]")).contains("object");
        assertThat(wrong("[5],{}")).contains("string");
        assertThat(wrong("[\"" + "e".repeat(65) + "\"],{}")).contains("64");
    }

    @Test
    void boundsAnAbsurdMinimumDifficulty() throws MalformedMessage {
        var extensions =
                extensions("[\"minimum-difficulty\"],{\"minimum-difficulty.value\":1e+300}");

        assertThat(((V1Extension.MinimumDifficulty) extensions.getFirst()).difficulty())
                .isEqualByComparingTo("1e30");
    }

    @Test
    void answersEveryExtensionAskedForAndNoOther() {
        var asked =
                List.of(
                        new V1Extension.MinimumDifficulty(BigDecimal.ONE),
                        new V1Extension.Other("a\"b"),
                        new V1Extension.VersionRolling(-1, 0),
                        new V1Extension.SubscribeExtranonce(),
                        new V1Extension.MinerInfo("", "", "", ""));

        assertThat(answer(asked))
                .isEqualTo(
                        "{\"id\":7,\"result\":{\"minimum-difficulty\":true,\"a\\\"b\":false,"
                                + "\"version-rolling\":true,\"version-rolling.mask\":\"1fffe000\","
                                + "\"subscribe-extranonce\":true,\"info\":true},\"error\":null}\n");
        assertThat(answer(asked.subList(0, 1)))
                .isEqualTo("{\"id\":7,\"result\":{\"minimum-difficulty\":true},\"error\":null}\n");
        assertThat(answer(List.of())).isEqualTo("{\"id\":7,\"result\":{},\"error\":null}\n");
    }

    private static String answer(List<? extends V1Extension> extensions) {
        return Lines.written(out ->
                V1Encoder.configureResult(
                        out, Lines.ID, 6, 1, List.copyOf(extensions), 0x1fffe000, true));
    }

    private static List<V1Extension> extensions(String params) throws MalformedMessage {
        return ((V1Request.Configure) configure(params)).extensions();
    }

    private static String wrong(String params) throws MalformedMessage {
        return ((V1Request.Invalid) configure(params)).text();
    }

    private static V1Request configure(String params) throws MalformedMessage {
        return Lines.request(
                "{\"id\":1,\"method\":\"mining.configure\",\"params\":[" + params + "]}");
    }
}
