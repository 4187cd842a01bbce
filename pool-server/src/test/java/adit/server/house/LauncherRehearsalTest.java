package adit.server.house;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/// When `./adit` rehearses, and who profits from it, with a JDK and a Maven that only say what they are asked.
final class LauncherRehearsalTest {

    private static final String SUCCEEDS = "echo learnt >\"$file\"";
    private static final String FAILS = "echo half >\"$file\"; exit 1";

    @TempDir private Path directory;
    private FakeMachine machine;

    @BeforeEach
    void setsUpAMachine() {
        machine = new FakeMachine(directory);
        machine.installJdk("jvm/25", 25);
        machine.installMaven("maven", "3.8.7", "");
    }

    @Test
    void rehearsesOnceBeforeThePoolRuns() throws IOException {
        rehearsal(SUCCEEDS);

        var first = machine.adit("run");
        var second = machine.adit("run");

        assertThat(first.err()).contains("rehearsing");
        assertThat(second.err()).isEmpty();
        assertThat(first.out()).contains("-XX:AOTCache=" + learnt()).endsWith(" run\n");
        assertThat(second.out()).isEqualTo(first.out());
        assertThat(rehearsals()).hasSize(1);
    }

    @Test
    void rehearsesForNoOtherCommandButHelpsThemAll() {
        rehearsal(SUCCEEDS);

        assertThat(machine.adit("check-config").out()).doesNotContain("AOTCache");
        machine.adit("run");
        assertThat(machine.adit("check-config").out()).contains("-XX:AOTCache=" + learnt());
    }

    @Test
    void rehearsesWhenAsked() throws IOException {
        rehearsal(SUCCEEDS);

        assertThat(machine.adit("rehearse").status()).isZero();
        machine.adit("rehearse");

        assertThat(rehearsals()).hasSize(2);
        assertThat(machine.adit("run").err()).isEmpty();
    }

    @Test
    void runsThePoolWithoutWhereItFails() {
        rehearsal(FAILS);

        var ended = machine.adit("run");

        assertThat(ended.status()).isZero();
        assertThat(ended.out()).doesNotContain("AOTCache").endsWith(" run\n");
        assertThat(ended.err())
                .contains("the rehearsal failed", "adit-rehearsal.log", "starting without it");
        assertThat(machine.adit("rehearse").status()).isEqualTo(1);
    }

    @Test
    void rehearsesAgainForAnotherBuild() throws IOException {
        rehearsal(SUCCEEDS);
        machine.adit("run");
        var source = machine.house().resolve("pool-server/src/main/java/Adit.java");
        var built = Files.getLastModifiedTime(machine.house().resolve("target/adit-built"));
        Files.setLastModifiedTime(source, FileTime.fromMillis(built.toMillis() + 1000));

        machine.adit("run");

        assertThat(rehearsals()).hasSize(2);
    }

    private void rehearsal(String words) {
        machine.program(
                "jvm/25/bin/java",
                """
                case "$*" in
                *' bench rehearsal '*) for file; do :; done; echo "$file" >>'%s/rehearsals'; %s ;;
                *) echo java "$@" ;;
                esac\
                """
                        .formatted(directory, words));
    }

    private List<String> rehearsals() throws IOException {
        return Files.readAllLines(directory.resolve("rehearsals"));
    }

    private Path learnt() {
        return machine.house().resolve("target/adit-rehearsed.aot");
    }
}
