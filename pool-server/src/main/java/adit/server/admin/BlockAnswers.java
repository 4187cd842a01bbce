package adit.server.admin;

import java.util.List;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

import adit.ledger.postgres.BlockQueries;
import adit.payout.Maturity;
import adit.pow.Hash;

/// What `/api/v1/blocks` says: pages of found blocks, newest first, each page naming the next.
final class BlockAnswers {

    static final int MAX_LIMIT = 100;

    private static final int DEFAULT_LIMIT = 20;

    private final LedgerReads ledger;

    BlockAnswers(LedgerReads ledger) {
        this.ledger = ledger;
    }

    Answer blocks(Route.Request request) {
        var limitText = request.query().getOrDefault("limit", String.valueOf(DEFAULT_LIMIT));
        if (!limitText.matches("[1-9][0-9]?|100")) {
            return Answer.refused(400, "limit is a whole number from 1 to " + MAX_LIMIT + ".");
        }
        int limit = Integer.parseInt(limitText);
        var before = request.query().get("before");
        if (before == null) {
            var seen = ledger.answer(connection -> BlockQueries.newest(connection, limit + 1));
            return Answer.json(page(seen, limit));
        }
        if (!before.matches("[0-9a-fA-F]{64}")) {
            return Answer.refused(400, "before is the hash of a block: 64 hexadecimal digits.");
        }
        var hash = Hash.fromDisplayHex(before).bytes();
        var seen =
                ledger.answer(connection ->
                        BlockQueries.isKnown(connection, hash)
                                ? Optional.of(BlockQueries.before(connection, hash, limit + 1))
                                : Optional.<List<BlockQueries.SeenBlock>>empty());
        return seen.map(blocks -> Answer.json(page(blocks, limit)))
                .orElseGet(
                        () -> Answer.refused(404, "before names a block this pool has not found."));
    }

    static Json.Block block(BlockQueries.SeenBlock block) {
        return new Json.Block(
                Hash.of(block.hash()).displayHex(),
                block.height(),
                block.time(),
                block.finder(),
                block.worker(),
                block.scheme(),
                block.feeBps(),
                block.rewardSats(),
                block.directSats(),
                block.state(),
                block.confirmations(),
                Maturity.CONFIRMATIONS,
                credited(block.credited()));
    }

    private static Json.@Nullable Credited credited(BlockQueries.@Nullable Credited credited) {
        return credited == null
                ? null
                : new Json.Credited(
                        credited.miners(),
                        String.valueOf(credited.creditsMsat()),
                        String.valueOf(credited.feeMsat()));
    }

    /// One more was asked for than is shown, to know whether there is a next page.
    private static Json.BlockPage page(List<BlockQueries.SeenBlock> seen, int limit) {
        var shown = seen.stream().limit(limit).map(BlockAnswers::block).toList();
        var next =
                seen.size() > limit
                        ? "/api/v1/blocks?limit=" + limit + "&before=" + shown.getLast().hash()
                        : null;
        return new Json.BlockPage(shown, next);
    }
}
