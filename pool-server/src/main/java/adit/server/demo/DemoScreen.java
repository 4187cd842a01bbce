package adit.server.demo;

import java.io.PrintWriter;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import javax.sql.DataSource;

import adit.ledger.postgres.BlockQueries;
import adit.ledger.postgres.BlockState;
import adit.ledger.postgres.MinerQueries;
import adit.miner.V1Miner;
import adit.payout.Maturity;

/// What the demo's terminal shows every few seconds: shares, blocks on their way to maturity, and what each
/// miner has earned.
///
/// **Owner:** the demo's screen thread.
final class DemoScreen {

    private static final int BLOCKS_SHOWN = 3;
    private static final int MSAT_DIGITS = 11;
    private static final DateTimeFormatter SECONDS = DateTimeFormatter.ofPattern("HH:mm:ss");

    /// One of the demo's miners, as the screen names it.
    record Mine(String label, String address, V1Miner miner) {}

    private final DataSource database;
    private final List<Mine> miners;
    private final PrintWriter out;
    private final Supplier<LocalTime> clock;

    DemoScreen(DataSource database, List<Mine> miners, PrintWriter out, Supplier<LocalTime> clock) {
        this.database = database;
        this.miners = List.copyOf(miners);
        this.out = out;
        this.clock = clock;
    }

    /// Prints the present state.
    void show() {
        out.println("── " + clock.get().format(SECONDS) + " ──");
        try (var connection = database.getConnection()) {
            for (var mine : miners) {
                out.println(line(connection, mine));
            }
            out.println("  blocks  " + blocks(connection));
        } catch (SQLException away) {
            out.println("  the database does not answer: " + away.getMessage());
        }
        out.flush();
    }

    private static String line(Connection connection, Mine mine) throws SQLException {
        var done = mine.miner().statistics();
        var account = MinerQueries.account(connection, mine.address());
        var earned =
                account.isEmpty()
                        ? "nothing earned yet"
                        : earned(MinerQueries.balance(connection, account.getAsLong()));
        return "  %-5s %5d shares accepted, %d refused   %s"
                .formatted(mine.label(), done.accepted(), done.rejected(), earned);
    }

    private static String earned(MinerQueries.Balance balance) {
        return "%s BTC immature, %s BTC available"
                .formatted(coins(balance.immatureMsat()), coins(balance.availableMsat()));
    }

    private static String coins(long msat) {
        return BigDecimal.valueOf(msat, MSAT_DIGITS).toPlainString();
    }

    private static String blocks(Connection connection) throws SQLException {
        var text = new StringBuilder();
        var counts = BlockQueries.counts(connection);
        counts.forEach((state, count) ->
                text.append(count).append(' ').append(state.toLowerCase(Locale.ROOT)).append("  "));
        for (var block : BlockQueries.newest(connection, BLOCKS_SHOWN)) {
            text.append("  #").append(block.height()).append(' ').append(stateOf(block));
        }
        return text.isEmpty() ? "none found yet" : text.toString();
    }

    private static String stateOf(BlockQueries.SeenBlock block) {
        return block.state().equals(BlockState.ACTIVE.name())
                ? "maturing " + block.confirmations() + "/" + Maturity.CONFIRMATIONS
                : block.state().toLowerCase(Locale.ROOT);
    }
}
