package adit.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import adit.server.account.Usernames;
import adit.server.config.ConfigFile;

import static org.assertj.core.api.Assertions.assertThat;

/// What a listener's configuration makes of a session.
final class EntrancesTest {

    @TempDir private Path directory;

    @ParameterizedTest
    @CsvSource({
        "PPS, booked, '', PPS 500",
        "PPLNS, booked, '', PPLNS 0",
        "PROP, booked, '', PROP 0",
        "PPS, coinbase-direct, '', SOLO 0",
        "PPS, booked, stale-grace-millis = 0, PPS 0",
        "PPLNS, booked, stale-grace-millis = 250, PPLNS 250",
    })
    void grantsLateSharesWhatTheSchemeThatPaysThemDoes(
            String kind, String payoutMode, String shares, String wanted) throws IOException {
        var file =
                Files.writeString(
                        directory.resolve("pool.toml"),
                        """
                        [pool]
                        network = "mainnet"
                        payout-address = "bc1qexample"
                        data-directory = "data"
                        [[listener]]
                        name = "one"
                        port = 3333
                        payout-mode = "%s"
                        [shares]
                        %s
                        [scheme]
                        kind = "%s"
                        [database]
                        url = "jdbc:postgresql://db.example:5432/pool"
                        user = "pool"
                        [[node]]
                        name = "first"
                        url = "http://127.0.0.1:8332"
                        cookie-file = "/nowhere/.cookie"
                        """
                                .formatted(payoutMode, shares, kind));
        var config = ConfigFile.read(file, Map.of());
        var entrances =
                new Entrances(config, new Usernames("mainnet", false, List.of()), true, null);

        var settings = entrances.settings(config.listeners().getFirst());

        assertThat(settings.scheme() + " " + settings.channel().staleGraceMillis())
                .isEqualTo(wanted);
    }
}
