package adit.stratum.v1;

/// Reads the params of `mining.submit` from parsed JSON, and says in words what is wrong with them.
///
/// **Spec:** five or six members; ntime and nonce may be plain numbers, all else is a string.
final class SubmitReader {
    private static final long MAX_UINT32 = 0xffff_ffffL;
    private static final int MAX_DECIMAL_DIGITS = 10;

    private final Submit submit;

    SubmitReader(Submit submit) {
        this.submit = submit;
    }

    /// Fills the submit, save its id. Says what is wrong, empty if nothing is.
    String read(JsonLine json) {
        int params = json.params();
        int count = json.is(params, JsonKind.ARRAY) ? json.elements(params) : 0;
        if (count < 5 || count > 6) {
            return "mining.submit takes 5 or 6 parameters";
        }
        String wrong = user(json, json.element(params, 0));
        if (wrong.isEmpty()) {
            wrong = job(json, json.element(params, 1));
        }
        if (wrong.isEmpty()) {
            wrong = extranonce(json, json.element(params, 2));
        }
        if (wrong.isEmpty()) {
            wrong = header(json, json.element(params, 3), json.element(params, 4));
        }
        if (wrong.isEmpty()) {
            wrong = versionBits(json, count == 6 ? json.element(params, 5) : JsonLine.ABSENT);
        }
        return wrong;
    }

    private String user(JsonLine json, int at) {
        if (!json.is(at, JsonKind.STRING)) {
            return "the user name must be a string";
        }
        int length = Utf8.encode(json.text(at), submit.userScratch());
        if (length < 0) {
            return "the user name must be text of at most 1024 bytes";
        }
        submit.user(submit.userScratch(), 0, length);
        return "";
    }

    private String job(JsonLine json, int at) {
        if (!json.is(at, JsonKind.STRING)) {
            return "the job id must be a string";
        }
        String text = json.text(at);
        boolean isOurs = V1Hex.isJobId(text);
        submit.job(isOurs ? Long.parseUnsignedLong(text, 16) : 0, isOurs ? text.length() : 0);
        return "";
    }

    private String extranonce(JsonLine json, int at) {
        int length = V1Hex.NOT_HEX;
        if (json.is(at, JsonKind.STRING)) {
            length = V1Hex.bytes(json.text(at), submit.extranonce());
        }
        if (length < 0) {
            return "extranonce2 must be a string of hex digits, two for each byte";
        }
        submit.extranonceLength(length);
        return "";
    }

    private String header(JsonLine json, int ntimeAt, int nonceAt) {
        long ntime = number(json, ntimeAt);
        if (ntime < 0) {
            return "ntime must be 1 to 8 hex digits";
        }
        long nonce = number(json, nonceAt);
        if (nonce < 0) {
            return "nonce must be 1 to 8 hex digits";
        }
        submit.header((int) ntime, (int) nonce);
        return "";
    }

    private String versionBits(JsonLine json, int at) {
        boolean isEmpty = json.is(at, JsonKind.STRING) && json.text(at).isEmpty();
        if (at == JsonLine.ABSENT || isEmpty) {
            submit.versionBits(false, 0);
            return "";
        }
        long bits = json.is(at, JsonKind.STRING) ? V1Hex.number(json.text(at)) : V1Hex.NOT_HEX;
        if (bits < 0) {
            return "version bits must be a string of 1 to 8 hex digits";
        }
        submit.versionBits(true, (int) bits);
        return "";
    }

    /// Some proxies send ntime and nonce as numbers; then the number is the value.
    private static long number(JsonLine json, int at) {
        if (json.is(at, JsonKind.STRING)) {
            return V1Hex.number(json.text(at));
        }
        String digits = json.is(at, JsonKind.NUMBER) ? json.text(at) : "";
        if (!V1Number.isDigits(digits) || digits.length() > MAX_DECIMAL_DIGITS) {
            return V1Hex.NOT_HEX;
        }
        long value = Long.parseLong(digits);
        return value <= MAX_UINT32 ? value : V1Hex.NOT_HEX;
    }
}
