package adit.server.job;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import adit.payout.Solo;
import adit.pow.Job;
import adit.server.firmware.CoinbaseClass;
import adit.server.job.CoinbaseSplit.Payee;
import adit.server.job.CoinbaseSplit.Room;

/// The jobs of one event loop whose coinbases pay their finder: of each template one for every account, made when it
/// is first asked for and shared by all channels of that account.
///
/// ```
/// finder    reward − fee, the fee rounded down to whole satoshi
/// pool      fee; where it would be dust the finder gets all
/// ```
/// A firmware whose coinbase cannot hold both outputs gets the pool's own job: then the finder is owed the reward by
/// the books instead.
///
/// **Owner:** its event loop. **Limits:** one job for every account that mines here, of the present template alone.
public final class DirectJobs {

    private final byte[] poolScript;
    private final int feeBps;
    private final Map<Integer, Job> paying = new HashMap<>();
    private @Nullable Job of;

    public DirectJobs(byte[] poolScript, int feeBps) {
        this.poolScript = poolScript;
        this.feeBps = feeBps;
    }

    /// The job of the same template that pays this finder, as far as the firmware's coinbase has room.
    public Job jobFor(Job shared, Finder finder, CoinbaseClass coinbaseClass) {
        if (of != shared) {
            paying.clear();
            of = shared;
        }
        var job = paying.computeIfAbsent(finder.accountRef(), _ -> paying(shared, finder));
        int levels = job.template().branch().levels();
        return coinbaseClass.holds(job.coinbase().strippedBytes(), levels) ? job : shared;
    }

    private Job paying(Job shared, Finder finder) {
        long rewardSats = shared.rewardSats();
        long finderSats = rewardSats - Solo.feeSats(rewardSats, feeBps);
        var room = Room.in(shared.coinbase(), CoinbaseClass.YUGE.coinbaseBytes());
        var payee = new Payee(finder.accountRef(), finder.script(), finderSats);
        var split = CoinbaseSplit.of(rewardSats, List.of(payee), poolScript, room);
        var paid = split.paidSats().get(finder.accountRef());
        return paid == null ? shared : shared.paying(finder.accountRef(), paid, split.outputs());
    }
}
