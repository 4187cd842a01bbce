package adit.node;

/// A template we must not mine, with the one sentence why.
final class BadTemplate extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BadTemplate(String why) {
        super(why);
    }

    BadTemplate(String why, Throwable cause) {
        super(why, cause);
    }

    String why() {
        return String.valueOf(getMessage());
    }
}
