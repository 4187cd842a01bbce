package adit.server.admin;

import java.math.BigInteger;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

import adit.ledger.postgres.MinerQueries;
import adit.ledger.postgres.MinerQueries.WorkerWork;
import adit.payout.Maturity;
import adit.pow.Hash;
import adit.server.account.Account;
import adit.server.account.PayoutAddress;
import adit.server.firmware.FirmwareShelf;

/// What `/api/v1/miners/{account}` says: what a miner is owed, how fast it mines, and what it was credited for.
final class MinerAnswers {

    static final int MAX_WORKERS = 200;
    static final int MAX_CREDITS = 50;

    private static final Duration RECENT = Duration.ofMinutes(5);
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration DAY = Duration.ofDays(1);

    private final String network;
    private final LedgerReads ledger;
    private final FirmwareShelf firmware;
    private final InstantSource clock;

    MinerAnswers(String network, LedgerReads ledger, FirmwareShelf firmware, InstantSource clock) {
        this.network = network;
        this.ledger = ledger;
        this.firmware = firmware;
        this.clock = clock;
    }

    Answer miner(Route.Request request) {
        var text = request.path().getOrDefault("account", "");
        var account = Account.parse(text, network);
        if (account.isEmpty()) {
            return Answer.refused(
                    400,
                    "This is no address of %s, which begins with %s, and no account's name. Give it alone, without a worker's name."
                            .formatted(network, PayoutAddress.example(network)));
        }
        var now = clock.instant();
        var miner = ledger.answer(connection -> read(connection, account.get(), now));
        return miner.map(Answer::json)
                .orElseGet(() ->
                        Answer.refused(404, "No share of this account has been accepted here."));
    }

    private Optional<Json.Miner> read(Connection connection, Account account, Instant now)
            throws SQLException {
        var known = MinerQueries.account(connection, account.name());
        if (known.isEmpty()) {
            return Optional.empty();
        }
        long id = known.getAsLong();
        var workers =
                MinerQueries.workers(
                        connection,
                        id,
                        MinuteRing.startOf(now, RECENT),
                        MinuteRing.startOf(now, HOUR),
                        MinuteRing.startOf(now, DAY));
        var miner =
                new Json.Miner(
                        now,
                        account.name(),
                        account.address() == null ? null : account.address().text(),
                        balances(MinerQueries.balance(connection, id)),
                        workers.isEmpty() ? null : workers.getFirst().lastShareAt(),
                        rates(workers, now),
                        workers.size(),
                        workers.stream()
                                .limit(MAX_WORKERS)
                                .map(w ->
                                        new Json.Worker(
                                                w.worker(),
                                                w.lastShareAt(),
                                                rates(List.of(w), now),
                                                screen(account.name(), w.worker())))
                                .toList(),
                        MinerQueries.credits(connection, id, MAX_CREDITS).stream()
                                .map(MinerAnswers::credit)
                                .toList());
        return Optional.of(miner);
    }

    private Json.@Nullable Screen screen(String account, String worker) {
        return firmware.screen(worker.isEmpty() ? account : account + "." + worker)
                .map(screen -> new Json.Screen(screen.firmware(), screen.text()))
                .orElse(null);
    }

    private static Json.Balances balances(MinerQueries.Balance owed) {
        return new Json.Balances(
                String.valueOf(owed.immatureMsat()), String.valueOf(owed.availableMsat()));
    }

    private static List<Hashrate> rates(List<WorkerWork> workers, Instant now) {
        return List.of(
                rate("5m", workers, WorkerWork::recentUnits, RECENT, now),
                rate("1h", workers, WorkerWork::hourUnits, HOUR, now),
                rate("1d", workers, WorkerWork::dayUnits, DAY, now));
    }

    /// Time before there was any work is not counted, so that a young miner is not shown slower than it is.
    private static Hashrate rate(
            String name,
            List<WorkerWork> workers,
            Function<WorkerWork, BigInteger> units,
            Duration window,
            Instant now) {
        var sum = workers.stream().map(units).reduce(BigInteger.ZERO, BigInteger::add);
        var from = MinuteRing.startOf(now, window);
        var began =
                workers.stream()
                        .map(WorkerWork::firstMinute)
                        .min(Comparator.naturalOrder())
                        .filter(from::isBefore)
                        .orElse(from);
        return Hashrate.of(name, sum, Duration.between(began, now));
    }

    private static Json.Credit credit(MinerQueries.Credit credit) {
        return new Json.Credit(
                credit.creditedAt(),
                credit.scheme(),
                String.valueOf(credit.creditMsat()),
                String.valueOf(credit.directMsat()),
                block(credit.block()));
    }

    private static Json.@Nullable CreditedBlock block(MinerQueries.@Nullable CreditedBlock block) {
        return block == null
                ? null
                : new Json.CreditedBlock(
                        Hash.of(block.hash()).displayHex(),
                        block.height(),
                        block.time(),
                        block.state(),
                        block.confirmations(),
                        Maturity.CONFIRMATIONS);
    }
}
