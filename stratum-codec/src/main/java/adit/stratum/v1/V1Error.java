package adit.stratum.v1;

/// The errors a pool answers with, and the words for them that firmware shows.
///
/// **Spec:** only codes that every firmware knows are used; anything finer is said in the text.
public enum V1Error {
    OTHER(20, "Malformed request"),
    JOB_NOT_FOUND(21, "Job not found"),
    STALE(21, "Stale"),
    DUPLICATE(22, "Duplicate share"),
    LOW_DIFFICULTY(23, "Low difficulty share"),
    UNAUTHORIZED(24, "Unauthorized worker"),
    NOT_SUBSCRIBED(25, "Not subscribed"),
    METHOD_NOT_FOUND(-3, "Method not found");

    private final int code;
    private final String text;

    V1Error(int code, String text) {
        this.code = code;
        this.text = text;
    }

    public int code() {
        return code;
    }

    public String text() {
        return text;
    }
}
