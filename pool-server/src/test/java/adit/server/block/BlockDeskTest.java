package adit.server.block;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import adit.ledger.journal.DirectoryStorage;
import adit.ledger.journal.ShareJournal;
import adit.node.ChainFloor;
import adit.node.ChainParameters;
import adit.node.FakeNode;
import adit.node.FakeTemplateListener;
import adit.node.NodeSet;
import adit.node.NodeSettings;
import adit.node.NodeTimings;
import adit.pow.Hash;
import adit.server.channel.FoundBlocks.FoundBlock;
import adit.server.channel.Journaled;
import adit.server.job.JobMaker;
import adit.server.job.SampleJobs;
import adit.server.metrics.EventLog;
import adit.server.metrics.LoggedLines;
import adit.server.metrics.PoolMetrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/// Promise 5: whatever nodes and disk do, a found block goes out and is not forgotten.
final class BlockDeskTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir private Path directory;
    @TempDir private Path otherDisk;
    @TempDir private Path journalDirectory;
    private final LoggedLines logged = new LoggedLines();
    private final List<AutoCloseable> open = new ArrayList<>();
    private final List<String> received = new CopyOnWriteArrayList<>();
    private ShareJournal journal;
    private FakeNode first;
    private FakeNode second;

    @BeforeEach
    void openNodes() throws IOException {
        journal = Journaled.open(DirectoryStorage.at(journalDirectory));
        open.add(journal);
        journal.workerRef(journal.accountRef("miner"), "rig", "PPLNS", 0);
        first = node(null);
        second = node(null);
    }

    @AfterEach
    void close() throws Exception {
        logged.close();
        for (var part : open.reversed()) {
            part.close();
        }
    }

    @Test
    void sendsTwoBlocksOfOneHeightToEveryNodeAndKeepsBoth() throws Exception {
        var desk = desk(first.settings("first"), second.settings("second"));
        desk.start();

        found(desk, block(1));
        found(desk, block(2));

        await(() -> received.size() == 4);
        await(() -> files("delivered").size() == 2);
        assertThat(received).containsOnly(hex(block(1)), hex(block(2)));
        assertThat(files("pending")).isEmpty();
    }

    @Test
    void doesNotWaitForANodeThatHangs() throws Exception {
        first.hang("submitblock");
        var desk = desk(first.settings("hangs"), second.settings("second"));
        desk.start();
        long begin = System.nanoTime();

        found(desk, block(1));

        await(() -> told("accepted by node second") == 1);
        await(() -> files("delivered").size() == 1);
        assertThat(Duration.ofNanos(System.nanoTime() - begin))
                .as("the one that hangs has until then")
                .isLessThan(NodeTimings.standard().submitDeadline());
        assertThat(received).containsExactly(hex(block(1)));
    }

    @Test
    void keepsABlockThatIsFoundAtTheLastMoment() throws Exception {
        first.hang("submitblock");
        var desk = desk(first.settings("first"));
        desk.start();

        found(desk, block(1));
        desk.close();

        assertThat(files("pending")).hasSize(1);
    }

    @Test
    void isSafeOnDiskWhateverTheNodesDo() throws Exception {
        first.hang("submitblock");
        var desk = desk(first.settings("hangs"));
        desk.start();

        var safe = found(desk, block(1)).toCompletableFuture();

        safe.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        assertThat(files("pending")).hasSize(1);
    }

    @Test
    void isSafeWithANodeWhateverTheDiskDoes() throws Exception {
        var desk = desk(first.settings("first"));
        desk.start();
        Files.delete(directory.resolve("pending"));

        var safe = found(desk, block(1)).toCompletableFuture();

        safe.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        assertThat(received).containsExactly(hex(block(1)));
        assertThat(told("neither on disk nor known to a node")).isZero();
    }

    @Test
    void saysSoWhereABlockIsSafeNowhere() throws Exception {
        first.die();
        var desk =
                desk(
                        List.of(directory),
                        Integer.MAX_VALUE,
                        Duration.ofSeconds(2),
                        first.settings("first"));
        desk.start();
        Files.delete(directory.resolve("pending"));

        var safe = found(desk, block(9)).toCompletableFuture();

        assertThatThrownBy(() -> safe.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS))
                .hasCauseInstanceOf(TimeoutException.class);
        var hash = block(9).hash().displayHex();
        assertThat(told(hash + " at height 910000 is neither on disk nor known to a node"))
                .isEqualTo(1);
    }

    @Test
    void keepsABlockThroughARestartUntilANodeHasIt() throws Exception {
        first.die();
        var desk = desk(first.settings("first"));
        desk.start();
        found(desk, block(1));
        await(() -> files("pending").size() == 1);
        assertThat(
                        Files.readAllBytes(
                                directory.resolve("pending").resolve(files("pending").getFirst())))
                .isEqualTo(block(1).serialized());
        desk.close();

        desk(second.settings("second")).start();

        await(() -> files("delivered").size() == 1);
        assertThat(received).containsExactly(hex(block(1)));
        assertThat(files("pending")).isEmpty();
    }

    @Test
    void sendsABlockAgainUntilANodeTakesIt() throws Exception {
        first.error("submitblock", -1, "out of memory");
        var desk = desk(first.settings("first"));
        desk.start();
        found(desk, block(1));
        await(() -> first.calls().stream().filter("submitblock"::equals).count() >= 2);

        take(first, null);

        await(() -> files("delivered").size() == 1);
    }

    @Test
    void saysSoWhenItGivesABlockUpAndKeepsItForTheNextStart() throws Exception {
        first.error("submitblock", -1, "out of memory");
        var desk = desk(List.of(directory), 2, PATIENCE, first.settings("first"));
        desk.start();

        found(desk, block(1));

        await(() -> told("is given up") == 1);
        assertThat(first.calls().stream().filter("submitblock"::equals).count()).isEqualTo(2);
        assertThat(files("pending")).hasSize(1);
    }

    @Test
    void sendsABlockThatCannotBeWrittenToDisk() throws Exception {
        var desk = desk(first.settings("first"));
        desk.start();
        Files.delete(directory.resolve("pending"));

        found(desk, block(1));

        await(() -> received.contains(hex(block(1))));
        await(() -> told("could not be written to disk") == 1);
    }

    @Test
    void writesABlockToTheSecondPlaceWhereTheFirstIsFull() throws Exception {
        first.die();
        var places = List.of(directory, otherDisk);
        var desk = desk(places, first.settings("first"));
        desk.start();
        Files.delete(directory.resolve("pending"));

        found(desk, block(1));

        await(() -> files(otherDisk, "pending").size() == 1);
        desk.close();
        assertThat(told("could not be written to disk")).isZero();

        desk(places, second.settings("second")).start();
        await(() -> files(otherDisk, "delivered").size() == 1);
        assertThat(received).containsExactly(hex(block(1)));
        assertThat(files(otherDisk, "pending")).isEmpty();
    }

    @Test
    void writesABlockAsSoonAsTheDiskTakesIt() throws Exception {
        first.error("submitblock", -1, "out of memory");
        var desk = desk(first.settings("first"));
        desk.start();
        Files.delete(directory.resolve("pending"));
        found(desk, block(1));
        await(() -> told("could not be written to disk") == 1);

        Files.createDirectory(directory.resolve("pending"));

        await(() -> files("pending").size() == 1);
    }

    @Test
    void keepsTheFileOfABlockThatEveryNodeRefuses() throws Exception {
        take(first, "bad-cb-amount");
        var desk = desk(first.settings("first"));
        desk.start();

        found(desk, block(1));

        await(() -> files("refused").size() == 1);
        assertThat(files("pending")).isEmpty();
    }

    @Test
    void saysThatAFileStaysWhereItIs() throws Exception {
        var desk = desk(first.settings("first"));
        desk.start();
        Files.delete(directory.resolve("delivered"));
        Files.createFile(directory.resolve("delivered"));

        found(desk, block(1));

        await(() -> told("stays among those pending") == 1);
        assertThat(files("pending")).hasSize(1);
        assertThat(told("could not be written to disk")).isZero();
    }

    private FakeNode node(@Nullable String word) throws IOException {
        var node = new FakeNode();
        open.add(node);
        take(node, word);
        return node;
    }

    /// Answers every block with this word, and remembers the block.
    private void take(FakeNode node, @Nullable String word) {
        node.on(
                "submitblock",
                (params, out, _) -> {
                    received.add(params.path(0).asString());
                    FakeNode.write(out, 200, FakeNode.envelope(word, null));
                });
    }

    private BlockDesk desk(NodeSettings... settings) {
        return desk(List.of(directory), settings);
    }

    private BlockDesk desk(List<Path> places, NodeSettings... settings) {
        return desk(places, Integer.MAX_VALUE, PATIENCE, settings);
    }

    private BlockDesk desk(
            List<Path> places, int maxAttempts, Duration safeWithin, NodeSettings... settings) {
        var nodes =
                new NodeSet(
                        ChainParameters.regtest(),
                        List.of(settings),
                        NodeTimings.standard(),
                        new FakeTemplateListener(),
                        ChainFloor.NONE,
                        InstantSource.system());
        var desk =
                new BlockDesk(
                        places,
                        nodes,
                        journal,
                        new EventLog(),
                        new PoolMetrics(new SimpleMeterRegistry()),
                        maxAttempts,
                        safeWithin);
        open.add(nodes);
        open.add(desk);
        return desk;
    }

    private static FoundBlock block(int nonce) {
        var job = SampleJobs.job(1, SampleJobs.TIP_A, SampleJobs.HARD);
        return new FoundBlock(
                job,
                Hash.ofContent(new byte[] {(byte) nonce}),
                new byte[JobMaker.EXTRANONCE_BYTES],
                0,
                job.ntime(),
                nonce,
                "miner.rig",
                1,
                1);
    }

    /// Found, and in the journal at once.
    private static CompletionStage<?> found(BlockDesk desk, FoundBlock block) {
        var taken = desk.found(block);
        taken.recorded();
        return taken.safe();
    }

    private static String hex(FoundBlock block) {
        return HexFormat.of().formatHex(block.serialized());
    }

    private long told(String words) {
        return logged.count(words);
    }

    private List<String> files(String state) {
        return files(directory, state);
    }

    private static List<String> files(Path place, String state) {
        try (var files = Files.list(place.resolve(state))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".block"))
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
            LockSupport.parkNanos(5_000_000);
        }
    }
}
