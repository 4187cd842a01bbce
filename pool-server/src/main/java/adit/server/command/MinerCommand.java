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
import adit.miner.MinerStatistics;
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

    private static final String SCHEME = "stratum+tcp://";

    @Parameters(
            index = "0",
            paramLabel = "URL",
            description = "stratum+tcp://host:port, or host:port alone")
    private String pool = "";

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
        var url = URI.create(pool.contains("://") ? pool : SCHEME + pool);
        var settings = MinerSettings.honest(url, user, hashesPerSecond);
        try (var stop = new StopSignal()) {
            return mine(settings, stop);
        }
    }

    private int mine(MinerSettings settings, StopSignal stop) throws InterruptedException {
        var console = new Console(spec.commandLine().getOut(), stop::ask);
        var loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        var miner = new V1Miner(settings, loops, System.nanoTime(), System::nanoTime, console);
        // The miner goes before its loop, so that it ends by its own will.
        try (miner) {
            miner.start();
            stop.await();
        } finally {
            var _ = loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        }
        console.sum(miner.statistics());
        return console.isRefused ? 1 : 0;
    }

    /// The miner's life, one line an event, and a last one of all of it.
    ///
    /// **Owner:** the miner's event loop; the command reads whether it was refused.
    private static final class Console implements MinerEvents {
        private final PrintWriter out;
        private final Runnable stop;
        private String waitingJob = "";
        private boolean isConnected;
        private volatile boolean isRefused;

        Console(PrintWriter out, Runnable stop) {
            this.out = out;
            this.stop = stop;
        }

        @Override
        public void connected(String sessionId) {
            isConnected = true;
            say("connected");
            if (!waitingJob.isEmpty()) {
                say(waitingJob);
            }
        }

        /// To ask again would not help: what is wrong is the name.
        @Override
        public void refused() {
            isRefused = true;
            stop.run();
        }

        @Override
        public void disconnected(String why) {
            isConnected = false;
            waitingJob = "";
            say("disconnected: " + why);
        }

        @Override
        public void newJob(V1Notify job, long difficultyUnits) {
            var line =
                    "job %x at difficulty %s"
                            .formatted(job.jobId(), Difficulty.decimal(difficultyUnits));
            if (isConnected) {
                say(line);
            } else {
                waitingJob = line;
            }
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

        void sum(MinerStatistics done) {
            say(
                    "%d %s accepted, %d rejected, %d hashes"
                            .formatted(
                                    done.accepted(),
                                    done.accepted() == 1 ? "share" : "shares",
                                    done.rejected(),
                                    done.hashes()));
        }

        private void say(String line) {
            out.println(line);
            out.flush();
        }
    }
}
