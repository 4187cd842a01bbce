package adit.ledger.journal;

import java.io.IOException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

/// Writes records as JSON, one object a line, names as in [JournalRecord].
///
/// Numbers that are unsigned on the wire are written unsigned. **Owner:** one thread.
final class JsonLines {
    private static final HexFormat HEX = HexFormat.of();

    private final Appendable out;
    private final StringBuilder line = new StringBuilder();
    private long records;

    JsonLines(Appendable out) {
        this.out = out;
    }

    void write(JournalSegment.Name name, JournalRecord entry) throws IOException {
        line.setLength(0);
        text("type", type(entry));
        number("server", name.serverId()).number("epoch", name.epoch());
        number("sequence", entry.sequence()).number("timeMicros", entry.timeMicros());
        switch (entry) {
            case JournalRecord.Share share -> share(share);
            case JournalRecord.Account account ->
                    number("accountRef", account.accountRef()).text("name", account.name());
            case JournalRecord.Worker worker ->
                    number("workerRef", worker.workerRef())
                            .number("accountRef", worker.accountRef())
                            .text("name", worker.name())
                            .text("scheme", worker.scheme())
                            .number("feeBps", worker.feeBps());
            case JournalRecord.Job job -> job(job);
            case JournalRecord.Coinbase coinbase ->
                    number("jobRef", coinbase.jobRef())
                            .number("ofJobRef", coinbase.ofJobRef())
                            .bytes("coinbaseSuffix", coinbase.coinbaseSuffix());
            case JournalRecord.Tip tip ->
                    bytes("hash", tip.hash())
                            .number("height", tip.height())
                            .unsigned("nBits", tip.nBits());
            case JournalRecord.BlockFound block ->
                    bytes("hash", block.hash())
                            .number("height", block.height())
                            .number("jobRef", block.jobRef())
                            .number("accountRef", block.accountRef())
                            .number("workerRef", block.workerRef())
                            .number("rewardSats", block.rewardSats())
                            .number("subsidySats", block.subsidySats())
                            .unsigned("nBits", block.nBits())
                            .number("directSats", block.directSats());
            case JournalRecord.Seal seal -> number("firstSequence", seal.firstSequence());
            case JournalRecord.Epoch _, JournalRecord.CleanStop _ -> {}
        }
        records++;
        end();
    }

    void damage(JournalDamaged damage) throws IOException {
        line.setLength(0);
        text("type", "DAMAGE").text("what", damage.summary());
        end();
    }

    long records() {
        return records;
    }

    private static String type(JournalRecord entry) {
        return switch (entry) {
            case JournalRecord.Share _ -> "SHARE";
            case JournalRecord.Account _ -> "ACCOUNT";
            case JournalRecord.Worker _ -> "WORKER";
            case JournalRecord.Job _ -> "JOB";
            case JournalRecord.Coinbase _ -> "COINBASE";
            case JournalRecord.Tip _ -> "TIP";
            case JournalRecord.BlockFound _ -> "BLOCK_FOUND";
            case JournalRecord.Epoch _ -> "EPOCH";
            case JournalRecord.Seal _ -> "SEAL";
            case JournalRecord.CleanStop _ -> "CLEAN_STOP";
        };
    }

    private void share(JournalRecord.Share share) {
        number("accountRef", share.accountRef()).number("workerRef", share.workerRef());
        number("jobRef", share.jobRef()).number("difficultyUnits", share.difficultyUnits());
        unsigned("ntime", share.ntime()).unsigned("nonce", share.nonce());
        unsigned("version", share.version()).number("latenessMillis", share.latenessMillis());
        text("shareClass", share.shareClass().name());
        bytes("extranonce", share.extranonce()).bytes("hashHalf", share.hashHalf());
        number("connection", share.connection());
    }

    private void job(JournalRecord.Job job) {
        number("jobRef", job.jobRef()).number("height", job.height());
        bytes("previousHash", job.previousHash()).unsigned("nBits", job.nBits());
        unsigned("version", job.version()).unsigned("versionMask", job.versionMask());
        unsigned("ntime", job.ntime());
        number("subsidySats", job.subsidySats()).number("rewardSats", job.rewardSats());
        bytes("coinbasePrefix", job.coinbasePrefix());
        number("extranonceBytes", job.extranonceBytes());
        bytes("coinbaseSuffix", job.coinbaseSuffix());
        array("branch", job.branch());
    }

    private JsonLines number(String key, long value) {
        key(key).append(value);
        return this;
    }

    private JsonLines unsigned(String key, int value) {
        return number(key, Integer.toUnsignedLong(value));
    }

    private JsonLines bytes(String key, byte[] value) {
        return text(key, HEX.formatHex(value));
    }

    private void array(String key, List<byte[]> values) {
        key(key).append(
                        values.stream()
                                .map(value -> '"' + HEX.formatHex(value) + '"')
                                .collect(Collectors.joining(",", "[", "]")));
    }

    private JsonLines text(String key, String value) {
        var quoted = key(key).append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                quoted.append('\\').append(c);
            } else if (c < ' ') {
                quoted.append("\\u%04x".formatted((int) c));
            } else {
                quoted.append(c);
            }
        }
        quoted.append('"');
        return this;
    }

    private StringBuilder key(String key) {
        return line.append(line.isEmpty() ? "{\"" : ",\"").append(key).append("\":");
    }

    private void end() throws IOException {
        out.append(line.append("}\n"));
    }
}
