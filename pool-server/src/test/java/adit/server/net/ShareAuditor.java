package adit.server.net;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.function.ToLongFunction;

import org.jspecify.annotations.NullUnmarked;

import adit.ledger.journal.JournalRecord;
import adit.ledger.journal.ShareClass;

/// Somebody who believes nobody: he reads what difficulty went over the wire with each job, hashes every journaled share
/// again with code of his own, and compares what was credited with what was proven.
///
/// A header proves the difficulty that its job was sent with, once, if its hash meets that; else nothing.
@NullUnmarked // a test fails on null by itself
final class ShareAuditor {

    /// The target of one difficulty unit is 2^32 times that of difficulty 1.
    private static final BigInteger ONE_UNIT = BigInteger.valueOf(0xffff).shiftLeft(208 + 32);

    private final Map<String, Long> sentUnits = new HashMap<>();

    /// What somebody was credited and what he proved, in difficulty units, and the first things wrong.
    static final class Finding {
        private long credited;
        private long proven;
        private int shares;
        private final List<String> wrong = new ArrayList<>();

        double ratio() {
            return proven == 0
                    ? (credited == 0 ? 0 : Double.POSITIVE_INFINITY)
                    : (double) credited / proven;
        }

        long credited() {
            return credited;
        }

        int shares() {
            return shares;
        }

        List<String> wrong() {
            return wrong;
        }
    }

    /// Seen on the wire: this job went out under this prefix with this difficulty.
    void sent(String prefix, String jobId, long units) {
        var before = sentUnits.putIfAbsent(prefix + jobId, units);
        if (before != null && before != units) {
            throw new AssertionError(
                    "job %s was sent at %d and %d".formatted(jobId, before, units));
        }
    }

    /// Audits a journal.
    ///
    /// @param cheats who stands behind a worker's number
    /// @param credit what a share was credited
    Map<String, Finding> audit(
            List<JournalRecord> journal,
            IntFunction<String> cheats,
            ToLongFunction<JournalRecord.Share> credit) {
        var findings = new TreeMap<String, Finding>();
        var jobs = new HashMap<Long, JournalRecord.Job>();
        Set<String> seen = new HashSet<>();
        for (var record : journal) {
            if (record instanceof JournalRecord.Job job) {
                jobs.put(job.jobRef(), job);
            }
            if (record instanceof JournalRecord.Share share
                    && share.shareClass() != ShareClass.STALE) {
                var finding =
                        findings.computeIfAbsent(
                                cheats.apply(share.workerRef()), _ -> new Finding());
                finding.shares++;
                finding.credited += credit.applyAsLong(share);
                finding.proven += proven(share, jobs.get(share.jobRef()), seen, finding.wrong);
            }
        }
        return findings;
    }

    private long proven(
            JournalRecord.Share share,
            JournalRecord.Job job,
            Set<String> seen,
            List<String> wrong) {
        var hash = headerHash(share, job);
        var hex = HexFormat.of().formatHex(hash);
        var extranonce = share.extranonce();
        var jobId = "%08x%02x".formatted(share.jobRef(), extranonce[0]);
        var units = sentUnits.get(HexFormat.of().formatHex(extranonce, 1, 5) + jobId);
        String why = "";
        if (units == null) {
            why = "was never sent this job";
        } else if (!seen.add(hex)) {
            why = "is a header credited before";
        } else if (new BigInteger(1, reversed(hash))
                        .compareTo(ONE_UNIT.divide(BigInteger.valueOf(units)))
                > 0) {
            why = "does not meet what was sent with its job";
        } else if (((share.version() ^ job.version()) & ~job.versionMask()) != 0) {
            why = "rolls bits outside the mask";
        } else if (share.ntime() < job.ntime() || share.ntime() > job.ntime() + 7200) {
            why = "has a time out of range";
        } else if (share.latenessMillis() > SimulatedPool.GRACE_MILLIS) {
            why = "came after the grace";
        }
        if (!why.isEmpty()) {
            wrong.add("share %d %s".formatted(share.sequence(), why));
            return 0;
        }
        return units;
    }

    private static byte[] headerHash(JournalRecord.Share share, JournalRecord.Job job) {
        var coinbase =
                ByteBuffer.allocate(
                                job.coinbasePrefix().length
                                        + share.extranonce().length
                                        + job.coinbaseSuffix().length)
                        .put(job.coinbasePrefix())
                        .put(share.extranonce())
                        .put(job.coinbaseSuffix());
        var root = twice(coinbase.array());
        for (var sibling : job.branch()) {
            root = twice(ByteBuffer.allocate(64).put(root).put(sibling).array());
        }
        return twice(
                ByteBuffer.allocate(80)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putInt(share.version())
                        .put(job.previousHash())
                        .put(root)
                        .putInt(share.ntime())
                        .putInt(job.nBits())
                        .putInt(share.nonce())
                        .array());
    }

    private static byte[] twice(byte[] data) {
        try {
            var sha = MessageDigest.getInstance("SHA-256");
            return sha.digest(sha.digest(data));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] reversed(byte[] bytes) {
        var turned = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            turned[i] = bytes[bytes.length - 1 - i];
        }
        return turned;
    }
}
