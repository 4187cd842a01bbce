package adit.ledger.journal;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/// A BLOCK_FOUND with all that it refers to, so that another epoch can take it up.
///
/// A node may have a block before its record is in the journal. Should the process die in between, the next one
/// finds this in a file and books the block; see [ShareJournal#takeUp].
///
/// As bytes: the records EPOCH, ACCOUNT, WORKER, JOB and BLOCK_FOUND, each as in the journal, with commit, sequence
/// and time 0 and the checksum salted with 0.
public record CarriedBlock(
        JournalRecord.Epoch epoch,
        JournalRecord.Account account,
        JournalRecord.Worker worker,
        JournalRecord.Job job,
        JournalRecord.BlockFound block) {

    private static final int SALT = 0;

    public CarriedBlock {
        require(worker.accountRef() == account.accountRef(), "the worker is another account's");
        require(
                block.accountRef() == account.accountRef()
                        && block.workerRef() == worker.workerRef()
                        && block.jobRef() == job.jobRef(),
                "the block refers to something else");
    }

    public byte[] toBytes() {
        var records = List.of(epoch, account, worker, job, block);
        var bytes =
                ByteBuffer.allocate(records.size() * RecordFormat.MAX_BYTES)
                        .order(ByteOrder.LITTLE_ENDIAN);
        var crc = new CRC32C();
        for (var each : records) {
            int start = bytes.position();
            RecordFormat.encode(each, bytes);
            int length = bytes.position() - start;
            bytes.putInt(
                    start + RecordFormat.CRC, RecordFormat.crc(crc, bytes, start, length, SALT));
        }
        var written = new byte[bytes.position()];
        bytes.get(0, written);
        return written;
    }

    /// Reads what [#toBytes] wrote.
    ///
    /// @throws IllegalArgumentException where these bytes are something else
    public static CarriedBlock of(byte[] written) {
        List<JournalRecord> records;
        try {
            records = records(written);
        } catch (BufferUnderflowException cutOff) {
            throw new IllegalArgumentException("a field is cut off", cutOff);
        }
        if (records.size() == 5
                && records.get(0) instanceof JournalRecord.Epoch epoch
                && records.get(1) instanceof JournalRecord.Account account
                && records.get(2) instanceof JournalRecord.Worker worker
                && records.get(3) instanceof JournalRecord.Job job
                && records.get(4) instanceof JournalRecord.BlockFound block) {
            return new CarriedBlock(epoch, account, worker, job, block);
        }
        throw new IllegalArgumentException("not the records of one found block");
    }

    private static List<JournalRecord> records(byte[] written) {
        // Checking a record writes into it.
        var bytes = ByteBuffer.wrap(written.clone()).order(ByteOrder.LITTLE_ENDIAN);
        var crc = new CRC32C();
        var records = new ArrayList<JournalRecord>();
        int start = 0;
        while (start < written.length) {
            int rest = written.length - start;
            require(rest >= RecordFormat.BODY, "a record is cut off");
            int length = bytes.getInt(start + RecordFormat.LENGTH);
            require(length >= RecordFormat.BODY && length <= rest, "a record is cut off");
            int due = bytes.getInt(start + RecordFormat.CRC);
            require(
                    RecordFormat.crc(crc, bytes, start, length, SALT) == due,
                    "a checksum does not hold");
            records.add(RecordFormat.decode(bytes.slice(start, length)));
            start += length;
        }
        return records;
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
