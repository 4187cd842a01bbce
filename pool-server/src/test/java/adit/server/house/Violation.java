package adit.server.house;

/// A place that breaks a house rule, printed as `path:line: what: advice [rule]`.
record Violation(String rule, String path, int line, String what, String advice) {
    @Override
    public String toString() {
        return path + ":" + line + ": " + what + ": " + advice + " [" + rule + "]";
    }
}
