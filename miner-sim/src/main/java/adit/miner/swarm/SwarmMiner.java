package adit.miner.swarm;

import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.HexFormat;

import org.jspecify.annotations.Nullable;

import static java.nio.charset.StandardCharsets.US_ASCII;

/// One connection of a swarm: what it knows of its pool, and which of its shares are unanswered.
///
/// **Owner:** the swarm's thread. **Limits:** [#MAX_UNANSWERED] shares unanswered.
final class SwarmMiner {

    static final int MAX_UNANSWERED = 256;

    static final byte[] NOTHING = {};
    private static final int CONFIGURE_ID = 1;
    private static final int SUBSCRIBE_ID = 2;
    private static final int AUTHORIZE_ID = 3;
    private static final int MASK_DIGITS = 8;

    final int number;
    final String user;
    @Nullable SocketChannel channel;
    @Nullable SelectionKey key;
    @Nullable ByteBuffer unsent;
    byte[] partial = NOTHING;
    private @Nullable PoolJob job;
    private @Nullable SubmitLine submit;
    private int extranonceBytes;
    private int mask;
    private boolean authorized;
    private long shares;
    private long @Nullable [] sentNanos;
    private int unanswered;
    private int oldest;

    SwarmMiner(int number, String user) {
        this.number = number;
        this.user = user;
    }

    /// Forgets the connection it had.
    void reset() {
        channel = null;
        key = null;
        unsent = null;
        partial = NOTHING;
        job = null;
        submit = null;
        extranonceBytes = 0;
        mask = 0;
        authorized = false;
        unanswered = 0;
        oldest = 0;
    }

    /// What a connection says first, in one piece.
    byte[] greeting(String password) {
        return """
        {"id":1,"method":"mining.configure","params":[["version-rolling"],{"version-rolling.mask":"1fffe000","version-rolling.min-bit-count":2}]}
        {"id":2,"method":"mining.subscribe","params":["adit-swarm"]}
        {"id":3,"method":"mining.authorize","params":["%s","%s"]}
        """
                .formatted(user, password)
                .getBytes(US_ASCII);
    }

    /// Whether it holds a job and may submit.
    boolean isReady() {
        return authorized && job != null && extranonceBytes > 0;
    }

    int unanswered() {
        return unanswered;
    }

    @Nullable PoolJob job() {
        return job;
    }

    /// Works on this from now on; answers whether it is the first job on a tip the miner had not heard of.
    boolean take(PoolJob next) {
        var before = job;
        job = next;
        submit = null;
        return next.clean() && before != null && !before.previousHash().equals(next.previousHash());
    }

    /// The answer to one of the first three requests.
    ///
    /// @throws SwarmFailed where it says that this miner will not be served
    void setUp(byte[] line, int from, int end) {
        switch ((int) Scan.id(line, from, end)) {
            case CONFIGURE_ID -> {
                int at = Scan.find(line, from, end, Scan.MASK);
                int quote = at < 0 ? Scan.NONE : Scan.quote(line, at + Scan.MASK.length, end);
                mask = quote < 0 ? 0 : hex(line, quote + 1, end);
            }
            case SUBSCRIBE_ID -> {
                extranonceBytes = Scan.numberAtEndOfList(line, from, end);
                if (extranonceBytes <= 0) {
                    throw refused("mining.subscribe", line, from, end);
                }
            }
            case AUTHORIZE_ID -> {
                authorized = Scan.isAccepted(line, from, end);
                if (!authorized) {
                    throw refused("mining.authorize", line, from, end);
                }
            }
            default -> {
                // An answer of a former connection's would be one too; nothing to learn from it.
            }
        }
    }

    /// Writes one more share and notes when.
    void submit(ByteBuffer out, long nowNanos) {
        var work = job;
        if (work == null || unanswered == MAX_UNANSWERED) {
            throw new IllegalStateException("a miner without work or room");
        }
        if (submit == null) {
            submit = new SubmitLine(user, work, extranonceBytes, mask);
        }
        if (sentNanos == null) {
            sentNanos = new long[MAX_UNANSWERED];
        }
        submit.writeTo(out, ++shares);
        sentNanos[(oldest + unanswered++) % MAX_UNANSWERED] = nowNanos;
    }

    /// The pool answers in the order of the submissions.
    ///
    /// @return when the share was sent that is answered now; 0 where none was
    long answered() {
        if (unanswered == 0 || sentNanos == null) {
            return 0;
        }
        long sent = sentNanos[oldest];
        oldest = (oldest + 1) % MAX_UNANSWERED;
        unanswered--;
        return sent;
    }

    private static SwarmFailed refused(String what, byte[] line, int from, int end) {
        return new SwarmFailed(
                "the pool refuses "
                        + what
                        + ": "
                        + new String(line, from, Math.min(end - from, 200), US_ASCII));
    }

    private static int hex(byte[] line, int from, int end) {
        var digits =
                new String(
                        Arrays.copyOfRange(line, from, Math.min(end, from + MASK_DIGITS)),
                        US_ASCII);
        int quote = digits.indexOf('"');
        return HexFormat.fromHexDigits(quote < 0 ? digits : digits.substring(0, quote));
    }
}
