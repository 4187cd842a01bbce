package adit.ledger.journal;

/// Durable records are missing or altered: not a torn tail, and not to be passed over in silence.
public final class JournalDamaged extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String file;
    private final long offset;
    private final String what;

    JournalDamaged(String file, long offset, String what) {
        super(file + " at byte " + offset + ": " + what);
        this.file = file;
        this.offset = offset;
        this.what = what;
    }

    /// The message: where, and what is wrong there.
    public String summary() {
        return file + " at byte " + offset + ": " + what;
    }

    public String file() {
        return file;
    }

    String what() {
        return what;
    }

    public long offset() {
        return offset;
    }
}
