package adit.system;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

import adit.ledger.journal.JournalRecord;
import adit.ledger.journal.ShareClass;
import adit.pow.Hash;

/// Who earned what, worked out from the journal alone by another hand than the pool's.
///
/// A share's weight in blocks is `min(1, d/D)` with `d = units / 2^32` and `D = T1 / T`. Multiplied by `2^32 · T1`, the
/// same number for every share, it is the whole number `min(2^32 · T1, units · T)`: no fractions are needed.
final class PayoutModel {

    /// What one block comes to in weights.
    private static final BigInteger BLOCK = BigInteger.valueOf(0xffff).shiftLeft(208 + 32);

    private static final BigInteger BPS = BigInteger.valueOf(10_000);
    private static final BigInteger MSAT_IN_A_SAT = BigInteger.valueOf(1_000);

    private final List<Work> work = new ArrayList<>();
    private final List<Found> found = new ArrayList<>();

    /// A place in the journals.
    private record Place(long timeMicros, int epoch, long sequence) implements Comparable<Place> {
        private static final Comparator<Place> ORDER =
                Comparator.comparingLong(Place::timeMicros)
                        .thenComparingInt(Place::epoch)
                        .thenComparingLong(Place::sequence);

        @Override
        public int compareTo(Place other) {
            return ORDER.compare(this, other);
        }
    }

    private record Work(
            Place place,
            String account,
            String scheme,
            int feeBps,
            BigInteger weight,
            long subsidySats) {}

    private record Found(
            Place place, Hash hash, String account, String scheme, int feeBps, long rewardSats) {}

    /// How a reward is shared out; `creditsMsat` by the payees' names.
    record Payout(
            String scheme,
            long rewardMsat,
            long feeMsat,
            long operatorMsat,
            SortedMap<String, Long> creditsMsat) {}

    /// @param epochs of all servers, by numbers in the order that records of one moment have
    PayoutModel(Map<Integer, List<JournalRecord>> epochs) {
        epochs.forEach(this::read);
        work.sort(Comparator.comparing(Work::place));
        found.sort(Comparator.comparing(Found::place));
    }

    long blocksBy(String scheme) {
        return found.stream().filter(block -> block.scheme.equals(scheme)).count();
    }

    List<Hash> blocks() {
        return found.stream().map(Found::hash).toList();
    }

    /// When the last share under this scheme was taken.
    long lastWorkMicros(String scheme) {
        return work.stream()
                .filter(share -> share.scheme.equals(scheme))
                .mapToLong(share -> share.place.timeMicros)
                .max()
                .orElse(0);
    }

    /// The sharing out of every block that is in the chain.
    ///
    /// @param windowHalfBlocks the PPLNS window in halves of a block
    /// @param accountIds decide ties
    Map<Hash, Payout> blockPayouts(
            Predicate<Hash> isInChain, int windowHalfBlocks, Map<String, Long> accountIds) {
        var payouts = new HashMap<Hash, Payout>();
        Place lastRound = new Place(0, 0, 0);
        for (var block : found) {
            if (!isInChain.test(block.hash)) {
                continue;
            }
            long rewardMsat = Math.multiplyExact(block.rewardSats, 1_000);
            var payout =
                    switch (block.scheme) {
                        case "PPLNS" -> byWork(block, window(block, windowHalfBlocks), accountIds);
                        case "PROP" -> byWork(block, round(block, lastRound), accountIds);
                        case "SOLO" -> toFinder(block);
                        case "PPS" -> new Payout("PPS", rewardMsat, 0, rewardMsat, new TreeMap<>());
                        default -> throw new AssertionError(block.scheme);
                    };
            lastRound = block.scheme.equals("PROP") ? block.place : lastRound;
            payouts.put(block.hash, payout);
        }
        return payouts;
    }

    /// What each account has earned by its shares under PPS before a point in time, fee and all, rounded down once.
    Payout earnedByShares(long untilMicros) {
        var credits = new TreeMap<String, BigInteger>();
        var fees = new TreeMap<String, BigInteger>();
        for (var share : work) {
            if (share.scheme.equals("PPS") && share.place.timeMicros < untilMicros) {
                var value =
                        share.weight
                                .multiply(BigInteger.valueOf(share.subsidySats))
                                .multiply(MSAT_IN_A_SAT);
                var fee = BigInteger.valueOf(share.feeBps);
                credits.merge(share.account, value.multiply(BPS.subtract(fee)), BigInteger::add);
                fees.merge(share.account, value.multiply(fee), BigInteger::add);
            }
        }
        var unit = BLOCK.multiply(BPS);
        var paid = new TreeMap<String, Long>();
        credits.forEach((account, value) -> paid.put(account, value.divide(unit).longValueExact()));
        long fee = fees.values().stream().mapToLong(v -> v.divide(unit).longValueExact()).sum();
        long sum = paid.values().stream().mapToLong(Long::longValue).sum();
        return new Payout("PPS", sum + fee, fee, 0, paid);
    }

    private static Payout toFinder(Found block) {
        long rewardMsat = Math.multiplyExact(block.rewardSats, 1_000);
        long feeMsat = fee(rewardMsat, block.feeBps);
        return new Payout(
                "SOLO",
                rewardMsat,
                feeMsat,
                0,
                new TreeMap<>(Map.of(block.account, rewardMsat - feeMsat)));
    }

    /// Newest first until the window is full; of the share it ends in, the part inside.
    private List<Work> window(Found block, int halfBlocks) {
        var room = BLOCK.multiply(BigInteger.valueOf(halfBlocks)).shiftRight(1);
        var inside = new ArrayList<Work>();
        for (var share : membersUpTo(block).reversed()) {
            var part = share.weight.min(room);
            if (part.signum() == 0) {
                break;
            }
            inside.add(
                    new Work(
                            share.place,
                            share.account,
                            share.scheme,
                            share.feeBps,
                            part,
                            share.subsidySats));
            room = room.subtract(part);
        }
        return inside;
    }

    private List<Work> round(Found block, Place after) {
        return membersUpTo(block).stream()
                .filter(share -> share.place.compareTo(after) > 0)
                .toList();
    }

    private List<Work> membersUpTo(Found block) {
        return work.stream()
                .filter(share -> share.scheme.equals(block.scheme))
                .filter(share -> share.place.compareTo(block.place) <= 0)
                .toList();
    }

    /// First between the fees by weight, then, less the fee, between the accounts of each.
    private static Payout byWork(Found block, List<Work> shares, Map<String, Long> accountIds) {
        long rewardMsat = Math.multiplyExact(block.rewardSats, 1_000);
        var byFee = new TreeMap<Integer, SortedMap<Long, BigInteger>>();
        var names = new HashMap<Long, String>();
        for (var share : shares) {
            long id = accountIds.get(share.account);
            names.put(id, share.account);
            byFee.computeIfAbsent(share.feeBps, _ -> new TreeMap<>())
                    .merge(id, share.weight, BigInteger::add);
        }
        var feeWeights = new TreeMap<Integer, BigInteger>();
        byFee.forEach((bps, ofFee) -> feeWeights.put(bps, sum(ofFee)));
        var credits = new TreeMap<String, Long>();
        long feeMsat = 0;
        for (var part : largestRemainder(rewardMsat, feeWeights).entrySet()) {
            long partFee = fee(part.getValue(), part.getKey());
            feeMsat += partFee;
            largestRemainder(part.getValue() - partFee, byFee.get(part.getKey()))
                    .forEach((id, msat) -> credits.merge(names.get(id), msat, Long::sum));
        }
        return new Payout(block.scheme, rewardMsat, feeMsat, 0, credits);
    }

    /// Everybody's part rounded down, and one unit more to those who lost the most; ties to the lower key.
    private static <K> SortedMap<K, Long> largestRemainder(
            long total, SortedMap<K, BigInteger> weights) {
        var whole = sum(weights);
        var parts = new TreeMap<K, Long>();
        var lost = new ArrayList<Map.Entry<K, BigInteger>>();
        long left = total;
        for (var weight : weights.entrySet()) {
            var exact = weight.getValue().multiply(BigInteger.valueOf(total));
            long part = exact.divide(whole).longValueExact();
            parts.put(weight.getKey(), part);
            lost.add(Map.entry(weight.getKey(), exact.mod(whole)));
            left -= part;
        }
        lost.sort(Map.Entry.<K, BigInteger>comparingByValue().reversed());
        for (int i = 0; i < left; i++) {
            parts.merge(lost.get(i).getKey(), 1L, Long::sum);
        }
        return parts;
    }

    private static <K> BigInteger sum(SortedMap<K, BigInteger> weights) {
        return weights.values().stream().reduce(BigInteger.ZERO, BigInteger::add);
    }

    private static long fee(long msat, int bps) {
        return BigInteger.valueOf(msat)
                .multiply(BigInteger.valueOf(bps))
                .divide(BPS)
                .longValueExact();
    }

    private void read(int epoch, List<JournalRecord> records) {
        var accounts = new HashMap<Integer, String>();
        var workers = new HashMap<Integer, JournalRecord.Worker>();
        var jobs = new HashMap<Long, JournalRecord.Job>();
        for (var record : records) {
            var place = new Place(record.timeMicros(), epoch, record.sequence());
            switch (record) {
                case JournalRecord.Account account ->
                        accounts.put(account.accountRef(), account.name());
                case JournalRecord.Worker worker -> workers.put(worker.workerRef(), worker);
                case JournalRecord.Job job -> jobs.put(job.jobRef(), job);
                case JournalRecord.Coinbase coinbase ->
                        jobs.put(coinbase.jobRef(), coinbase.on(jobs.get(coinbase.ofJobRef())));
                case JournalRecord.Share share when share.shareClass() != ShareClass.STALE -> {
                    var worker = workers.get(share.workerRef());
                    var job = jobs.get(share.jobRef());
                    work.add(
                            new Work(
                                    place,
                                    accounts.get(share.accountRef()),
                                    worker.scheme(),
                                    worker.feeBps(),
                                    weight(share.difficultyUnits(), job.nBits()),
                                    job.subsidySats()));
                }
                case JournalRecord.BlockFound block -> {
                    var worker = workers.get(block.workerRef());
                    found.add(
                            new Found(
                                    place,
                                    Hash.of(block.hash()),
                                    accounts.get(block.accountRef()),
                                    worker.scheme(),
                                    worker.feeBps(),
                                    block.rewardSats()));
                }
                case JournalRecord.Share _,
                        JournalRecord.Tip _,
                        JournalRecord.Epoch _,
                        JournalRecord.Seal _,
                        JournalRecord.CleanStop _ -> {
                    // No money is in them.
                }
            }
        }
    }

    private static BigInteger weight(long difficultyUnits, int nBits) {
        var target = BigInteger.valueOf(nBits & 0x7fffff).shiftLeft(8 * ((nBits >>> 24) - 3));
        return BigInteger.valueOf(difficultyUnits).multiply(target).min(BLOCK);
    }
}
