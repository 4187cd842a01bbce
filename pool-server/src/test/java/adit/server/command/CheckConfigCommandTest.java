package adit.server.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

import static org.assertj.core.api.Assertions.assertThat;

/// `adit check-config` on files that read well and would not start.
final class CheckConfigCommandTest {

    private static final String PAYABLE = "bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080";

    @TempDir private Path directory;

    @Test
    void callsAGoodFileGood() throws IOException {
        var file = file(PAYABLE);

        assertThat(said(file)).isEqualTo(file + " is good.");
    }

    @Test
    void tellsWhatIsWrongWithThePayoutAddressAndWhere() throws IOException {
        var reasons =
                Map.of(
                        "bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt081",
                        "This address is mistyped or cut short: copy it again, all of it",
                        PAYABLE.substring(0, 30),
                        "This address is mistyped or cut short: copy it again, all of it",
                        "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4",
                        "This address belongs to mainnet; this pool mines regtest",
                        "put-your-own-address-here",
                        "It must be a regtest address, which begins with bcrt1q, bcrt1p, m, n or 2");
        for (var reason : reasons.entrySet()) {
            var file = file(reason.getKey());

            assertThat(said(file))
                    .isEqualTo(file + ":3: payout-address in [pool]: " + reason.getValue());
        }
    }

    @Test
    void tellsWhichSplitHasAPayeeThatCannotBeCreditedAndWhere() throws IOException {
        var file = file(PAYABLE);
        Files.writeString(
                file,
                """
                [[split]]
                name = "good"
                payees = [{account = "%s", parts = 1}]
                [[split]]
                name = "family"
                payees = [
                  {account = "nobody's", parts = 1}]
                """
                        .formatted(PAYABLE),
                StandardOpenOption.APPEND);

        assertThat(said(file))
                .startsWith(file + ":19: The split family has a payee nobody's that is no regtest");
    }

    @Test
    void warnsOfAPasswordFileThatEverybodyCanRead() throws IOException {
        var password = Files.writeString(directory.resolve("password"), "canary");
        var file = file(PAYABLE);
        Files.writeString(
                file,
                Files.readString(file)
                        .replace(
                                "cookie-file = \"/var/lib/bitcoind/.cookie\"",
                                "user = \"u\"\npassword-file = \"%s\"".formatted(password)));

        Files.setPosixFilePermissions(password, PosixFilePermissions.fromString("rw-r-----"));
        assertThat(said(file)).isEqualTo(file + " is good.");
        Files.setPosixFilePermissions(password, PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(said(file))
                .isEqualTo(
                        "adit: warning: %s:14: password-file %s can be read by everybody on this machine; chmod 600 it\n%s is good."
                                .formatted(file, password, file));
    }

    @Test
    void refusesADataDirectoryTooFarDownForItsSocket() throws IOException {
        var file = file(PAYABLE);
        var good = Files.readString(file);
        var longest = "/" + "d".repeat(106 - "//control.sock".length());

        Files.writeString(
                file, good.replace("[pool]", "[pool]\ndata-directory = \"%s\"".formatted(longest)));
        assertThat(said(file)).isEqualTo(file + " is good.");
        Files.writeString(
                file,
                good.replace("[pool]", "[pool]\ndata-directory = \"%sd\"".formatted(longest)));
        assertThat(said(file))
                .isEqualTo(
                        "%s:2: The data directory lies too far down: %sd/control.sock, where the pool is asked, has 107 bytes, and the system allows 106. Name a shorter one, or a symbolic link to it."
                                .formatted(file, longest));
    }

    private Path file(String payoutAddress) throws IOException {
        return Files.writeString(
                directory.resolve("pool.toml"),
                """
                [pool]
                network = "regtest"
                payout-address = "%s"
                [[listener]]
                name = "miners"
                port = 3333
                [database]
                url = "jdbc:postgresql://127.0.0.1/adit"
                user = "adit"
                [[node]]
                name = "first"
                url = "http://127.0.0.1:18443"
                cookie-file = "/var/lib/bitcoind/.cookie"
                """
                        .formatted(payoutAddress));
    }

    private static String said(Path file) {
        var said = new StringWriter();
        new CommandLine(new CheckConfigCommand())
                .setOut(new PrintWriter(said, true))
                .setErr(new PrintWriter(said, true))
                .setExecutionExceptionHandler((failure, _, _) -> {
                    said.append(failure.getMessage());
                    return 1;
                })
                .execute("--config", file.toString());
        return said.toString().strip();
    }
}
