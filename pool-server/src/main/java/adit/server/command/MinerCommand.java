package adit.server.command;

import java.io.PrintWriter;
import java.net.URI;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import adit.miner.MinerEvents;
import adit.miner.MinerSettings;
import adit.miner.Submission;
import adit.miner.V1Miner;
import adit.pow.Difficulty;
import adit.stratum.v1.V1Notify;

/// `adit miner`: a small miner that really hashes, to try a pool with.
@Command(
        name = "miner",
        description = "Mines on a pool with one thread, to try it.",
        mixinStandardHelpOptions = true)
public final class MinerCommand implements Callable<Integer> {

    @Parameters(index = "0", paramLabel = "URL", description = "stratum+tcp://host:port")
    private URI pool = URI.create("stratum+tcp://127.0.0.1:3333");

    @Option(
            names = {"-u", "--user"},
            required = true,
            paramLabel = "NAME",
            description = "your payout address, and after a dot any worker name")
    private String user = "";

    @Option(
            names = "--hashes-per-second",
            paramLabel = "N",
            description = "how fast to hash (default: as fast as one thread can)")
    private long hashesPerSecond;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws InterruptedException {
        var settings = MinerSettings.honest(pool, user, hashesPerSecond);
        try (var stop = new StopSignal();
                var loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
                var miner =
                        new V1Miner(
                                settings,
                                loops,
                                System.nanoTime(),
                                System::nanoTime,
                                new Console(spec.commandLine().getOut()))) {
            miner.start();
            stop.await();
            var _ = loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        }
        return 0;
    }

    /// The miner's life, one line an event.
    private record Console(PrintWriter out) implements MinerEvents {
        @Override
        public void connected(String sessionId) {
            say("connected");
        }

        @Override
        public void disconnected(String why) {
            say("disconnected: " + why);
        }

        @Override
        public void newJob(V1Notify job, long difficultyUnits) {
            say(
                    "job %x at difficulty %s"
                            .formatted(job.jobId(), Difficulty.decimal(difficultyUnits)));
        }

        @Override
        public void accepted(Submission submission) {
            say("share accepted");
        }

        @Override
        public void rejected(Submission submission, int code, String text) {
            say("share rejected: " + code + " " + text);
        }

        @Override
        public void message(String text) {
            say("the pool says: " + text);
        }

        private void say(String line) {
            out.println(line);
            out.flush();
        }
    }
}
