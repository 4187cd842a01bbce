package adit.pow;

import java.lang.management.ManagementFactory;

import com.sun.management.ThreadMXBean;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ShareCheckAllocationTest {
    private static final int SHARES = 20_000;
    private static final long MAX_BYTES_PER_SHARE = 64;

    @Test
    void judgesAShareWithinItsAllowance() {
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        var job = Samples.job(Samples.template(2_047));
        var check = new ShareCheck();
        var extranonce = new byte[Samples.EXTRANONCE_BYTES];
        var target = Target.ofDifficultyUnits(1 << 20);
        judge(job, check, extranonce, target, 0);

        long before = threads.getCurrentThreadAllocatedBytes();
        int met = 0;
        for (int i = 1; i <= SHARES; i++) {
            met += judge(job, check, extranonce, target, i) ? 1 : 0;
        }
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;

        assertThat(job.template().branch().levels()).isEqualTo(11);
        assertThat(met).isLessThan(SHARES);
        assertThat(allocated).isLessThanOrEqualTo(SHARES * MAX_BYTES_PER_SHARE);
    }

    private static boolean judge(
            Job job, ShareCheck check, byte[] extranonce, Target target, int i) {
        LittleEndian.putInt32(extranonce, 4, i);
        check.hash(job, extranonce, 0, job.headerVersion(i << 13), job.ntime(), i);
        boolean block = check.meets(job.networkTarget());
        boolean share = check.meets(target);
        return share || block;
    }
}
