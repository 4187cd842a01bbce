package adit.server.settle;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

import adit.ledger.journal.JournalRecord;
import adit.ledger.journal.ShareClass;
import adit.ledger.postgres.FakeShareSource;
import adit.ledger.postgres.Position;

/// Who should earn what, computed share by share from the journals with fractions over one denominator: slow, plain,
/// and without a line of the code it judges.
final class ShareModel {
    private static final BigInteger UNITS_IN_ONE = BigInteger.ONE.shiftLeft(32);
    private static final BigInteger TARGET_OF_ONE = BigInteger.valueOf(0xffff).shiftLeft(208);
    private static final BigInteger BPS = BigInteger.valueOf(10_000);

    /// A credited share, with names instead of references.
    record Share(
            Position position,
            String account,
            String scheme,
            int feeBps,
            BigInteger units,
            int nBits,
            long subsidySats) {}

    record Block(
            Position position,
            byte[] hash,
            String account,
            String scheme,
            int feeBps,
            long rewardSats,
            long directSats) {}

    /// What one reward gives to whom.
    record Split(
            long rewardMsat,
            long feeMsat,
            long operatorMsat,
            SortedMap<String, Long> credits,
            SortedMap<String, Long> direct) {
        Split(long rewardMsat, long feeMsat, long operatorMsat, SortedMap<String, Long> credits) {
            this(rewardMsat, feeMsat, operatorMsat, credits, new TreeMap<>());
        }

        /// What comes to the pool's own output.
        long heldMsat() {
            return rewardMsat - direct.values().stream().mapToLong(Long::longValue).sum();
        }

        long unattributedMsat() {
            return rewardMsat
                    - feeMsat
                    - operatorMsat
                    - credits.values().stream().mapToLong(Long::longValue).sum();
        }
    }

    private final List<Share> shares = new ArrayList<>();
    private final List<Block> blocks = new ArrayList<>();

    static ShareModel of(List<FakeShareSource> sources) {
        var model = new ShareModel();
        for (var source : sources) {
            for (var epoch : source.epochs()) {
                model.read(source.serverId(), epoch.epoch(), source.records(epoch.epoch()));
            }
        }
        model.shares.sort(Comparator.comparing(Share::position));
        model.blocks.sort(Comparator.comparing(Block::position));
        return model;
    }

    List<Block> blocks() {
        return blocks;
    }

    List<Share> shares() {
        return shares;
    }

    /// The last `numerator/denominator` expected blocks of the scheme's work up to the block.
    Split pplns(Block block, long numerator, long denominator) {
        var newestFirst = upTo(block, Position.START);
        var size = fraction(numerator, denominator);
        var filled = fraction(0, 1);
        var weights = new HashMap<String, BigInteger[]>();
        for (var share : newestFirst) {
            var room = minus(size, filled);
            if (room[0].signum() <= 0) {
                break;
            }
            var weight = weight(share);
            var taken = compare(weight, room) <= 0 ? weight : room;
            filled = plus(filled, taken);
            weights.merge(share.feeBps + ":" + share.account, taken, ShareModel::plus);
        }
        return split(block, weights);
    }

    /// All of the scheme's work after `previous` (all there is after [Position#START]) up to the block.
    Split round(Block block, Position previous) {
        var weights = new HashMap<String, BigInteger[]>();
        for (var share : upTo(block, previous)) {
            weights.merge(share.feeBps + ":" + share.account, weight(share), ShareModel::plus);
        }
        return split(block, weights);
    }

    Split solo(Block block) {
        long reward = block.rewardSats * 1000;
        long fee = Math.floorDiv(reward * block.feeBps, 10_000L);
        var credits = new TreeMap<String, Long>();
        credits.put(block.account, reward - fee);
        return new Split(reward, fee, 0, credits);
    }

    /// The coinbase's own outputs say who got what: the finder's, and what is left for the pool.
    Split paidDirectly(Block block) {
        var finder = new TreeMap<>(Map.of(block.account, block.directSats * 1000));
        long rest = (block.rewardSats - block.directSats) * 1000;
        return new Split(block.rewardSats * 1000, rest, 0, finder, finder);
    }

    Split operator(Block block) {
        return new Split(block.rewardSats * 1000, 0, block.rewardSats * 1000, new TreeMap<>());
    }

    /// The whole millisatoshi of all PPS work before a time, per account: after fee, and the fee.
    Map<String, long[]> pps(long beforeMicros) {
        var net = new TreeMap<String, BigInteger[]>();
        var fees = new TreeMap<String, BigInteger[]>();
        for (var share : shares) {
            if (share.scheme.equals("PPS") && share.position.timeMicros() < beforeMicros) {
                var gross = times(weight(share), BigInteger.valueOf(share.subsidySats * 1000));
                var fee =
                        new BigInteger[] {
                            gross[0].multiply(BigInteger.valueOf(share.feeBps)),
                            gross[1].multiply(BPS)
                        };
                net.merge(share.account, minus(gross, fee), ShareModel::plus);
                fees.merge(share.account, fee, ShareModel::plus);
            }
        }
        var floors = new TreeMap<String, long[]>();
        net.forEach((account, exact) ->
                floors.put(account, new long[] {floor(exact), floor(of(fees, account))}));
        return floors;
    }

    private List<Share> upTo(Block block, Position after) {
        return shares.stream()
                .filter(share -> share.scheme.equals(block.scheme))
                .filter(share -> share.position.compareTo(block.position) <= 0)
                .filter(share -> share.position.compareTo(after) > 0)
                .sorted(Comparator.comparing(Share::position).reversed())
                .toList();
    }

    /// First between the fees, then in each between the accounts.
    private static Split split(Block block, Map<String, BigInteger[]> weights) {
        long reward = block.rewardSats * 1000;
        var ofFee = new TreeMap<Integer, BigInteger[]>();
        weights.forEach((key, weight) ->
                ofFee.merge(
                        Integer.parseInt(key.substring(0, key.indexOf(':'))),
                        weight,
                        ShareModel::plus));
        long feeMsat = 0;
        var credits = new TreeMap<String, Long>();
        var parts = largestRemainder(reward, new ArrayList<>(ofFee.values()));
        int i = 0;
        for (int feeBps : ofFee.keySet()) {
            long part = parts.get(i++);
            long fee = Math.floorDiv(part * feeBps, 10_000L);
            feeMsat += fee;
            var members = new TreeMap<String, BigInteger[]>();
            weights.forEach((key, weight) -> {
                if (key.startsWith(feeBps + ":")) {
                    members.put(key.substring(key.indexOf(':') + 1), weight);
                }
            });
            var nets = largestRemainder(part - fee, new ArrayList<>(members.values()));
            int j = 0;
            for (var account : members.keySet()) {
                credits.merge(account, nets.get(j++), Long::sum);
            }
        }
        credits.values().removeIf(msat -> msat == 0);
        return new Split(reward, feeMsat, 0, credits);
    }

    /// Ties go to the earlier one, so names have to sort as their accounts' ids do.
    private static List<Long> largestRemainder(long total, List<BigInteger[]> weights) {
        var sum = weights.stream().reduce(fraction(0, 1), ShareModel::plus);
        var floors = new ArrayList<Long>();
        var rests = new ArrayList<BigInteger[]>();
        long given = 0;
        for (var weight : weights) {
            var exact =
                    new BigInteger[] {
                        weight[0].multiply(sum[1]).multiply(BigInteger.valueOf(total)),
                        weight[1].multiply(sum[0])
                    };
            floors.add(floor(exact));
            rests.add(minus(exact, fraction(floor(exact), 1)));
            given += floor(exact);
        }
        for (; given < total && !weights.isEmpty(); given++) {
            int best = 0;
            for (int i = 1; i < rests.size(); i++) {
                best = compare(rests.get(i), rests.get(best)) > 0 ? i : best;
            }
            floors.set(best, floors.get(best) + 1);
            rests.set(best, fraction(-1, 1));
        }
        return floors;
    }

    /// Expected blocks, at most one: the share's difficulty by that of the network.
    private static BigInteger[] weight(Share share) {
        var target =
                BigInteger.valueOf(share.nBits & 0x7fffff)
                        .shiftLeft(8 * ((share.nBits >>> 24) - 3));
        var weight = reduced(share.units.multiply(target), UNITS_IN_ONE.multiply(TARGET_OF_ONE));
        return compare(weight, fraction(1, 1)) > 0 ? fraction(1, 1) : weight;
    }

    private static BigInteger[] fraction(long numerator, long denominator) {
        return new BigInteger[] {BigInteger.valueOf(numerator), BigInteger.valueOf(denominator)};
    }

    private static BigInteger[] reduced(BigInteger numerator, BigInteger denominator) {
        var common = numerator.gcd(denominator);
        return new BigInteger[] {numerator.divide(common), denominator.divide(common)};
    }

    private static BigInteger[] plus(BigInteger[] a, BigInteger[] b) {
        return reduced(a[0].multiply(b[1]).add(b[0].multiply(a[1])), a[1].multiply(b[1]));
    }

    private static BigInteger[] minus(BigInteger[] a, BigInteger[] b) {
        return plus(a, new BigInteger[] {b[0].negate(), b[1]});
    }

    private static BigInteger[] times(BigInteger[] a, BigInteger factor) {
        return reduced(a[0].multiply(factor), a[1]);
    }

    private static int compare(BigInteger[] a, BigInteger[] b) {
        return a[0].multiply(b[1]).compareTo(b[0].multiply(a[1]));
    }

    private static long floor(BigInteger[] a) {
        return a[0].divide(a[1]).longValueExact();
    }

    private static <K, V> V of(Map<K, V> map, K key) {
        return Objects.requireNonNull(map.get(key), "a journal declares what it refers to");
    }

    private void read(int serverId, int epoch, List<JournalRecord> records) {
        var accounts = new HashMap<Integer, String>();
        var workers = new HashMap<Integer, JournalRecord.Worker>();
        var jobs = new HashMap<Long, JournalRecord.Job>();
        for (var record : records) {
            var position = new Position(record.timeMicros(), serverId, epoch, record.sequence());
            switch (record) {
                case JournalRecord.Account a -> accounts.put(a.accountRef(), a.name());
                case JournalRecord.Worker w -> workers.put(w.workerRef(), w);
                case JournalRecord.Job j -> jobs.put(j.jobRef(), j);
                case JournalRecord.Coinbase c -> jobs.put(c.jobRef(), c.on(of(jobs, c.ofJobRef())));
                case JournalRecord.Share s when s.shareClass() != ShareClass.STALE -> {
                    var worker = of(workers, s.workerRef());
                    var job = of(jobs, s.jobRef());
                    shares.add(
                            new Share(
                                    position,
                                    of(accounts, s.accountRef()),
                                    worker.scheme(),
                                    worker.feeBps(),
                                    BigInteger.valueOf(s.difficultyUnits()),
                                    job.nBits(),
                                    job.subsidySats()));
                }
                case JournalRecord.BlockFound b -> {
                    var worker = of(workers, b.workerRef());
                    blocks.add(
                            new Block(
                                    position,
                                    b.hash(),
                                    of(accounts, b.accountRef()),
                                    worker.scheme(),
                                    worker.feeBps(),
                                    b.rewardSats(),
                                    b.directSats()));
                }
                case JournalRecord.Share _,
                        JournalRecord.Tip _,
                        JournalRecord.Epoch _,
                        JournalRecord.Seal _,
                        JournalRecord.CleanStop _ -> {
                    // No work.
                }
            }
        }
    }
}
