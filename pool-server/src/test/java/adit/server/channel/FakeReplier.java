package adit.server.channel;

import java.nio.charset.StandardCharsets;
import java.util.List;

/// A session that only writes down what it is told: `id VERDICT`, a line as it is, `--` for a flush.
record FakeReplier(String name, List<String> told) implements Replier {

    @Override
    public void reply(Verdict verdict, byte[] ids, int offset, int length) {
        var id = new String(ids, offset, length, StandardCharsets.US_ASCII);
        told.add(name + id + " " + verdict);
    }

    @Override
    public void reply(byte[] line) {
        told.add(name + new String(line, StandardCharsets.US_ASCII));
    }

    @Override
    public void flushReplies() {
        told.add(name + "--");
    }
}
