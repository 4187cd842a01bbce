package adit.miner;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import adit.stratum.v1.V1Notify;

/// What a miner told, kept in order for a test to wait for.
final class Happenings implements MinerEvents {
    private static final long DEADLINE_SECONDS = 30;

    private final BlockingQueue<String> told = new LinkedBlockingQueue<>();

    @Override
    public void connected(String sessionId) {
        told.add("connected " + sessionId);
    }

    @Override
    public void disconnected(String why) {
        told.add("disconnected: " + why);
    }

    @Override
    public void refused() {
        told.add("refused");
    }

    @Override
    public void newJob(V1Notify job, long difficultyUnits) {
        told.add("job " + job.jobId() + " at " + difficultyUnits);
    }

    @Override
    public void accepted(Submission submission) {
        told.add("accepted " + submission.jobId());
    }

    @Override
    public void rejected(Submission submission, int code, String text) {
        told.add("rejected " + submission.jobId() + " " + code + " " + text);
    }

    @Override
    public void message(String text) {
        told.add("message " + text);
    }

    /// Waits for something that begins like this, passing over all before it.
    String await(String start) throws InterruptedException {
        while (true) {
            var next = told.poll(DEADLINE_SECONDS, TimeUnit.SECONDS);
            if (next == null) {
                throw new AssertionError("it never happened: " + start);
            }
            if (next.startsWith(start)) {
                return next;
            }
        }
    }
}
