package adit.server.job;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import adit.pow.Hash;
import adit.pow.Job;

import static org.assertj.core.api.Assertions.assertThat;

final class JobBoardTest {

    private final List<String> heard = new ArrayList<>();
    private final JobBoard board = new JobBoard();

    JobBoardTest() {
        board.addAudience(
                new JobBoard.Audience() {
                    @Override
                    public void announce(Job job, boolean newTip, long knownNanos, Runnable told) {
                        told.run();
                        heard.add(job.number() + (newTip ? " new tip" : ""));
                    }

                    @Override
                    public void workEnds() {
                        heard.add("end");
                    }
                });
    }

    @Test
    void tellsANewTipFromANewJob() {
        publish(1, SampleJobs.TIP_A);
        publish(2, SampleJobs.TIP_A);
        publish(3, SampleJobs.TIP_B);
        publish(4, SampleJobs.TIP_A);

        assertThat(heard).containsExactly("1 new tip", "2", "3 new tip", "4 new tip");
        assertThat(board.current().orElseThrow().number()).isEqualTo(4);
    }

    @Test
    void keepsJobsGoodWhenANodeComesBackToTheTipItLeft() {
        publish(1, SampleJobs.TIP_A);
        board.withdraw();
        assertThat(board.current()).isEmpty();
        publish(2, SampleJobs.TIP_A);
        board.withdraw();
        publish(3, SampleJobs.TIP_B);

        assertThat(heard).containsExactly("1 new tip", "end", "2", "end", "3 new tip");
    }

    private void publish(long number, Hash tip) {
        board.publish(SampleJobs.job(number, tip, SampleJobs.HARD), 0);
    }
}
