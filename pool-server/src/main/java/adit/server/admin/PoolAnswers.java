package adit.server.admin;

import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Duration;

import io.netty.util.NetUtil;
import org.jspecify.annotations.Nullable;

import adit.node.NodeStatus;
import adit.pow.Target;
import adit.server.config.PoolConfig;

/// What `/api/v1/pool` says.
final class PoolAnswers {

    private static final MathContext SHOWN_DIGITS = new MathContext(16);

    private final PoolFacts facts;
    private final StatusBoard board;

    PoolAnswers(PoolFacts facts, StatusBoard board) {
        this.facts = facts;
        this.board = board;
    }

    Answer pool(Route.Request request) {
        var status = board.latest();
        var pool = status.pool();
        var books = status.ledger().facts();
        return Answer.json(
                new Json.Pool(
                        status.at(),
                        facts.name(),
                        facts.network(),
                        facts.version(),
                        Duration.between(facts.startedAt(), status.at()).toSeconds(),
                        facts.scheme(),
                        facts.feeBps(),
                        pool.listeners().stream().map(l -> listener(l, request.host())).toList(),
                        pool.connections(),
                        pool.load().number,
                        new Json.Rates(
                                status.isWholePool() ? "pool" : "server",
                                status.hashrates(),
                                status.lastHourByMinute()),
                        pool.submissionsByVerdict(),
                        mining(pool.mining()),
                        pool.nodes().stream().map(PoolAnswers::node).toList(),
                        journal(pool.journal()),
                        database(status, books),
                        books == null
                                ? null
                                : new Json.Blocks(
                                        books.blockCounts(),
                                        books.latestBlocks().stream()
                                                .map(BlockAnswers::block)
                                                .toList())));
    }

    /// A listener bound to every address of the machine is reached by the name the reader reached us by. One that
    /// takes both is named by the way that every firmware knows.
    private Json.Listener listener(PoolSnapshot.Listener listener, String host) {
        var bound = listener.address();
        var place =
                bound.getAddress().isAnyLocalAddress()
                        ? host + ":" + bound.getPort()
                        : NetUtil.toSocketAddressString(bound);
        var configured = facts.listener(listener.name());
        var way =
                configured.entry().transport() == PoolConfig.Transport.TLS
                        ? "stratum+ssl://"
                        : "stratum+tcp://";
        return new Json.Listener(
                listener.name(),
                way + place,
                scheme(configured.payoutMode()),
                configured.payoutMode().word(),
                listener.isOpen());
    }

    /// Where the block pays its finder, it pays nobody else.
    private String scheme(PoolConfig.PayoutMode mode) {
        return switch (mode) {
            case BOOKED -> facts.scheme();
            case COINBASE_DIRECT -> PoolConfig.Scheme.Kind.SOLO.name();
        };
    }

    private static Json.@Nullable Mining mining(PoolSnapshot.@Nullable Mining mining) {
        return mining == null
                ? null
                : new Json.Mining(
                        mining.height(),
                        networkDifficulty(mining.nBits()),
                        mining.rewardSats(),
                        mining.node());
    }

    private static String networkDifficulty(int nBits) {
        var one = new BigDecimal(Target.DIFFICULTY_ONE.toBigInteger());
        var target = new BigDecimal(Target.fromNBits(nBits).toBigInteger());
        return one.divide(target, SHOWN_DIGITS).stripTrailingZeros().toPlainString();
    }

    private static Json.Node node(NodeStatus node) {
        return new Json.Node(
                node.name(),
                node.health().name(),
                node.reason(),
                node.height() < 0 ? null : node.height(),
                node.inUse());
    }

    private Json.Journal journal(PoolSnapshot.Journal journal) {
        return new Json.Journal(
                journal.isWritable(),
                journal.failure(),
                facts.serverId(),
                journal.epoch(),
                journal.durableSequence(),
                journal.recordsInFlight());
    }

    private static Json.Database database(Status status, Status.@Nullable Facts known) {
        var ledger = status.ledger();
        var trouble = ledger.isReachable() ? status.pool().projectionTrouble() : ledger.trouble();
        return new Json.Database(
                ledger.isReachable(),
                ledger.since(),
                trouble,
                known == null ? null : status.waitingRecords(known),
                known == null ? null : known.at());
    }
}
