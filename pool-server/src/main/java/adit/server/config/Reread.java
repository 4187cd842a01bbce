package adit.server.config;

/// What came of reading a file again while the pool runs.
///
/// @param isRefused whether there was something that is of no use, so that what was read before stays in force
/// @param line says so to the operator
public record Reread(boolean isRefused, String line) {

    public static Reread taken(String line) {
        return new Reread(false, line);
    }

    public static Reread refused(String line) {
        return new Reread(true, line);
    }
}
