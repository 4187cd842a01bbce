package adit.server.block;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import adit.ledger.postgres.BlockState;
import adit.ledger.postgres.Blocks;
import adit.ledger.postgres.FoundBlock;
import adit.ledger.postgres.Transaction;
import adit.node.Confirmations;
import adit.payout.Maturity;
import adit.pow.Hash;
import adit.server.metrics.EventLog;

/// Asks the nodes where our blocks stand and writes down what has changed.
///
/// Blocks of the active chain are asked about until they are mature, and every block for [#WATCH] after it was found,
/// so that a reorganisation is noticed even where it should not happen any more. Only the presence of a block in the
/// chain of a node that is up to date decides. A block no such node has heard of is given up after a grace, for it may
/// still be on its way; when no node can be asked, nothing is concluded.
///
/// Answers of one pass are seconds apart, and a reorganisation between them would show two blocks in the chain that
/// cannot both be, and a round of work would end at the wrong one. So a change is believed when a second look at all
/// blocks says the same, and all changes of a pass are committed together.
///
/// **Owner:** the settler's thread. **Limits:** [#WATCHED_BLOCKS] blocks beside those whose state is still open.
public final class BlockFollower {
    /// How long a block is watched after it was found, whatever became of it.
    static final Duration WATCH = Duration.ofDays(3);

    private static final int WATCHED_BLOCKS = 200;

    private final ChainView chain;
    private final Duration unknownGrace;
    private final EventLog events;
    private final InstantSource clock;
    private final Map<Long, Instant> unknownSince = new HashMap<>();

    /// **Seam:** what the nodes say about a block; `NodeSet::confirmations` in production.
    public interface ChainView {
        Confirmations confirmations(Hash block);
    }

    private record Move(FoundBlock block, BlockState next, int confirmations, String note) {
        boolean isChange() {
            return next != block.state();
        }

        boolean saysTheSameAs(Move other) {
            return block.id() == other.block.id() && next == other.next;
        }
    }

    public BlockFollower(
            ChainView chain, Duration unknownGrace, EventLog events, InstantSource clock) {
        this.chain = chain;
        this.unknownGrace = unknownGrace;
        this.events = events;
        this.clock = clock;
    }

    /// One pass over all blocks that may still move.
    public void follow(Connection connection) throws SQLException {
        var watched = watched(connection);
        unknownSince.keySet().retainAll(watched.stream().map(FoundBlock::id).toList());
        var moves = look(watched);
        if (moves.stream().anyMatch(Move::isChange)) {
            var again = look(watched);
            if (!isSame(moves, again)) {
                return;
            }
            moves = again;
        }
        write(connection, moves).forEach(this::tell);
    }

    private List<FoundBlock> watched(Connection connection) throws SQLException {
        var watched = new ArrayList<FoundBlock>();
        for (var open : List.of(BlockState.FOUND, BlockState.ACTIVE)) {
            watched.addAll(Blocks.in(connection, open));
        }
        long oldestMicros = ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant().minus(WATCH));
        Blocks.recent(connection, WATCHED_BLOCKS).stream()
                .filter(block -> isClosed(block.state()))
                .filter(block -> block.position().timeMicros() >= oldestMicros)
                .forEach(watched::add);
        return watched;
    }

    private static boolean isClosed(BlockState state) {
        return switch (state) {
            case FOUND, ACTIVE -> false;
            case MATURE, ORPHANED -> true;
        };
    }

    /// What the nodes' answers mean for each block; nothing for any where they do not make one picture.
    private List<Move> look(List<FoundBlock> blocks) {
        var moves = new ArrayList<Move>();
        for (var block : blocks) {
            var answer = chain.confirmations(Hash.of(block.hash()));
            if (!(answer instanceof Confirmations.Unknown)) {
                unknownSince.remove(block.id());
            }
            switch (answer) {
                case Confirmations.Active(int confirmations) ->
                        moves.add(inChain(block, confirmations));
                case Confirmations.NotActive() ->
                        addLoss(moves, block, "another block has its place");
                case Confirmations.Unknown() -> {
                    if (isGraceOver(block)) {
                        addLoss(moves, block, "no node knows it");
                    } else if (block.state().isInChain()) {
                        return List.of();
                    }
                }
                case Confirmations.NodesUnavailable() -> {
                    return List.of();
                }
            }
        }
        return moves;
    }

    private static Move inChain(FoundBlock block, int confirmations) {
        boolean isMature = Maturity.isMature(confirmations);
        return switch (block.state()) {
            case FOUND -> new Move(block, BlockState.ACTIVE, confirmations, "in the chain");
            case ORPHANED ->
                    new Move(block, BlockState.ACTIVE, confirmations, "in the chain again");
            case ACTIVE ->
                    new Move(
                            block,
                            isMature ? BlockState.MATURE : BlockState.ACTIVE,
                            confirmations,
                            "mature");
            case MATURE -> new Move(block, BlockState.MATURE, confirmations, "mature");
        };
    }

    private static void addLoss(List<Move> moves, FoundBlock block, String why) {
        switch (block.state()) {
            case FOUND, ACTIVE, MATURE ->
                    moves.add(new Move(block, BlockState.ORPHANED, 0, "orphaned: " + why));
            case ORPHANED -> {
                // It is where it was.
            }
        }
    }

    private boolean isGraceOver(FoundBlock block) {
        var now = clock.instant();
        var since = unknownSince.computeIfAbsent(block.id(), _ -> now);
        return !now.isBefore(since.plus(unknownGrace));
    }

    private static boolean isSame(List<Move> moves, List<Move> again) {
        if (moves.size() != again.size()) {
            return false;
        }
        for (int i = 0; i < moves.size(); i++) {
            if (!moves.get(i).saysTheSameAs(again.get(i))) {
                return false;
            }
        }
        return true;
    }

    /// Writes all moves in one transaction; answers the changes it made.
    private List<Move> write(Connection connection, List<Move> moves) throws SQLException {
        var news =
                moves.stream()
                        .filter(move ->
                                move.isChange() || move.confirmations != move.block.confirmations())
                        .toList();
        if (news.isEmpty()) {
            return List.of();
        }
        var now = clock.instant();
        return Transaction.run(
                connection,
                inside -> {
                    var made = new ArrayList<Move>();
                    for (var move : news) {
                        if (!move.isChange()) {
                            Blocks.confirm(inside, move.block, move.confirmations);
                        } else if (Blocks.move(
                                inside,
                                move.block,
                                move.next,
                                move.confirmations,
                                now,
                                move.note)) {
                            made.add(move);
                        }
                    }
                    return made;
                });
    }

    /// That a block came into the chain the node which took it has told.
    private void tell(Move move) {
        if (move.next == BlockState.ACTIVE && !isClosed(move.block.state())) {
            return;
        }
        events.blockState(move.block.height(), Hash.of(move.block.hash()).displayHex(), move.note);
    }
}
