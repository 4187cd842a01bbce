package adit.stratum.v1;

/// `mining.submit`: what a miner found, in numbers.
///
/// There is one in each decoder and it is filled anew for each submit line, so that a share costs no
/// allocation. Byte ranges point into the line or into scratch of our own.
///
/// **Owner:** the event loop of its decoder. **Invariant:** valid until the decoder's next line, and as long as
/// that line's bytes are left alone. **Spec:** the extranonce is any even number of hex digits here; only the session
/// knows how many it must be.
public final class Submit implements V1Request {
    public static final int MAX_EXTRANONCE_BYTES = 32;
    static final int MAX_USER_BYTES = 1_024;

    private final byte[] extranonce = new byte[MAX_EXTRANONCE_BYTES];
    private final byte[] scratch = new byte[MAX_USER_BYTES];
    private byte[] user = scratch;
    private int idOffset;
    private int idLength;
    private int userOffset;
    private int userLength;
    private long jobId;
    private int jobIdLength;
    private int extranonceLength;
    private int ntime;
    private int nonce;
    private boolean hasVersionBits;
    private int versionBits;

    Submit() {}

    @Override
    public int idOffset() {
        return idOffset;
    }

    @Override
    public int idLength() {
        return idLength;
    }

    /// The bytes in which [#userOffset()] and [#userLength()] mark the user name, as UTF-8 and free of escapes.
    public byte[] userBytes() {
        return user;
    }

    public int userOffset() {
        return userOffset;
    }

    public int userLength() {
        return userLength;
    }

    public long jobId() {
        return jobId;
    }

    /// How many digits the job id was written with. 0 where it is no lower-case hex number of 1 to 16 digits,
    /// and so none that we ever sent.
    public int jobIdLength() {
        return jobIdLength;
    }

    /// The rollable extranonce in the first [#extranonceLength()] bytes.
    public byte[] extranonce() {
        return extranonce;
    }

    public int extranonceLength() {
        return extranonceLength;
    }

    public int ntime() {
        return ntime;
    }

    public int nonce() {
        return nonce;
    }

    /// Whether a sixth parameter was sent and is not empty.
    public boolean hasVersionBits() {
        return hasVersionBits;
    }

    /// The rolled bits, 0 without a sixth parameter.
    public int versionBits() {
        return versionBits;
    }

    void id(int offset, int length) {
        idOffset = offset;
        idLength = length;
    }

    void user(byte[] bytes, int offset, int length) {
        user = bytes;
        userOffset = offset;
        userLength = length;
    }

    byte[] userScratch() {
        return scratch;
    }

    void job(long id, int length) {
        jobId = id;
        jobIdLength = length;
    }

    void extranonceLength(int length) {
        extranonceLength = length;
    }

    void header(int ntime, int nonce) {
        this.ntime = ntime;
        this.nonce = nonce;
    }

    void versionBits(boolean present, int bits) {
        hasVersionBits = present;
        versionBits = bits;
    }
}
