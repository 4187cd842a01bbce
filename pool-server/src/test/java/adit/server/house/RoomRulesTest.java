package adit.server.house;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.tools.ToolProvider;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/// Compiles small houses with a wrong arrow each and looks whether the room rules see it.
class RoomRulesTest {
    @TempDir private Path house;

    @Test
    void letsAnImportPointLeft() {
        var found =
                check(
                        Map.of(
                                "adit.server.job.Board", "public final class Board {}",
                                "adit.server.channel.Channel",
                                        "public final class Channel { adit.server.job.Board board; }"));

        assertThat(found).isEmpty();
    }

    @Test
    void refusesAnImportToTheRight() {
        var found =
                check(
                        Map.of(
                                "adit.server.job.Board",
                                        "public final class Board { adit.server.channel.Channel c; }",
                                "adit.server.channel.Channel", "public final class Channel {}"));

        assertThat(found)
                .singleElement()
                .satisfies(violation -> {
                    assertThat(violation.rule()).isEqualTo("room-order");
                    assertThat(violation.path()).isEqualTo("adit.server.job.Board");
                    assertThat(violation.advice()).contains("job may not use channel");
                });
    }

    @Test
    void refusesRoomsBesideEachOther() {
        var found =
                check(
                        Map.of(
                                "adit.server.block.Desk",
                                        "public final class Desk { adit.server.settle.Settler s; }",
                                "adit.server.settle.Settler", "public final class Settler {}"));

        assertThat(found).extracting(Violation::rule).containsExactly("room-order");
    }

    @Test
    void refusesARoomWithoutAPlace() {
        var found =
                check(
                        Map.of(
                                "adit.server.attic.Box",
                                        "public final class Box { adit.server.job.Board b; }",
                                "adit.server.job.Board", "public final class Board {}"));

        assertThat(found).extracting(Violation::what).containsExactly("attic");
    }

    @Test
    void refusesOneProtocolInTheOther() {
        var found =
                check(
                        Map.of(
                                "adit.server.session.v1.V1Session",
                                "public final class V1Session {"
                                        + " adit.server.session.v2.V2Session s; }",
                                "adit.server.session.v2.V2Session",
                                "public final class V2Session {}"));

        assertThat(found).extracting(Violation::rule).containsExactly("one-share-path");
    }

    @Test
    void refusesProtocolsInTheChannel() {
        var found =
                check(
                        Map.of(
                                "adit.server.channel.Channel",
                                        "final class Channel { adit.stratum.v1.Submit s; }",
                                "adit.stratum.v1.Submit", "public final class Submit {}"));

        assertThat(found).extracting(Violation::rule).containsExactly("protocol-free");
    }

    @Test
    void refusesWhatBlocksOnTheSharePath() {
        var found =
                check(
                        Map.of(
                                "adit.server.session.v1.V1Session",
                                "final class V1Session { void x() throws Exception {"
                                        + " Thread.sleep(1); java.nio.file.Path.of(\"x\"); } }"));

        assertThat(found).isNotEmpty().extracting(Violation::rule).containsOnly("share-path");
        assertThat(found)
                .extracting(Violation::what)
                .contains("java.lang.Thread.sleep", "java.nio.file.Path");
    }

    @Test
    void letsOnlyTheDemoAndTwoCommandsUseMiners() {
        var found =
                check(
                        Map.of(
                                "adit.miner.Swarm", "public final class Swarm {}",
                                "adit.server.demo.Demo", "final class Demo { adit.miner.Swarm s; }",
                                "adit.server.MinerCommand",
                                        "final class MinerCommand { adit.miner.Swarm s; }",
                                "adit.server.RunCommand",
                                        "final class RunCommand { adit.miner.Swarm s; }",
                                "adit.server.net.Listener",
                                        "final class Listener { adit.miner.Swarm s; }"));

        assertThat(found)
                .extracting(Violation::path)
                .containsExactlyInAnyOrder("adit.server.RunCommand", "adit.server.net.Listener");
    }

    @Test
    void refusesTreasuryInThePayout() {
        var found =
                check(
                        Map.of(
                                "adit.payout.Scheme",
                                        "final class Scheme { adit.treasury.Risk r; }",
                                "adit.treasury.Risk", "public final class Risk {}"));

        assertThat(found).extracting(Violation::rule).containsExactly("leaf-arrow");
    }

    @Test
    void makesWhatMustBeClosedInTheRootOnly() {
        var found =
                check(
                        Map.of(
                                "adit.server.job.Board",
                                        "public final class Board implements AutoCloseable {"
                                                + " public void close() {} }",
                                "adit.server.net.Listener",
                                        "final class Listener {"
                                                + " Object b = new adit.server.job.Board(); }",
                                "adit.server.Pool",
                                        "final class Pool {"
                                                + " Object b = new adit.server.job.Board(); }"));

        assertThat(found).extracting(Violation::path).containsExactly("adit.server.net.Listener");
        assertThat(found).extracting(Violation::rule).containsExactly("composition");
    }

    /// Compiles classes given as full name → source without its package line, and checks them.
    private List<Violation> check(Map<String, String> classes) {
        try {
            var arguments = new ArrayList<>(List.of("-proc:none", "-d", house.toString()));
            for (var entry : classes.entrySet()) {
                int dot = entry.getKey().lastIndexOf('.');
                var file =
                        house.resolve("source").resolve(entry.getKey().replace('.', '/') + ".java");
                Files.createDirectories(file.getParent());
                Files.writeString(
                        file,
                        "package " + entry.getKey().substring(0, dot) + "; " + entry.getValue());
                arguments.add(file.toString());
            }
            var compiler = ToolProvider.getSystemJavaCompiler();
            int status = compiler.run(null, null, null, arguments.toArray(String[]::new));
            assertThat(status).as("the planted house compiles").isZero();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return RoomRules.check(new ClassFileImporter().importPath(house));
    }
}
