package adit.stratum.v1;

import java.util.Arrays;
import java.util.Random;

import static java.nio.charset.StandardCharsets.UTF_8;

/// Lines with a few bytes changed, cut out, doubled or cut off.
final class Mutations {
    private static final byte[] LIKELY =
            "{}[]\",:\\/0123456789abcdefEunlt.-+ \t\r\0\u00e9".getBytes(UTF_8);

    private Mutations() {}

    static byte[] of(Random random, String text) {
        var line = text.getBytes(UTF_8);
        int changes = random.nextInt(4);
        for (int i = 0; i < changes && line.length > 1; i++) {
            int at = random.nextInt(line.length);
            switch (random.nextInt(6)) {
                case 0 -> line[at] = (byte) random.nextInt(256);
                case 1 -> line[at] = LIKELY[random.nextInt(LIKELY.length)];
                case 2 -> line = without(line, at, Math.min(line.length, at + 1));
                case 3 -> line = twice(line, at, at + random.nextInt(line.length - at));
                case 4 -> line[at] = line[random.nextInt(line.length)];
                default -> {
                    if (random.nextInt(8) == 0) {
                        line = Arrays.copyOf(line, at);
                    }
                }
            }
        }
        return line;
    }

    private static byte[] without(byte[] line, int from, int to) {
        var shorter = new byte[line.length - (to - from)];
        System.arraycopy(line, 0, shorter, 0, from);
        System.arraycopy(line, to, shorter, from, line.length - to);
        return shorter;
    }

    private static byte[] twice(byte[] line, int from, int to) {
        var longer = new byte[line.length + to - from];
        System.arraycopy(line, 0, longer, 0, to);
        System.arraycopy(line, from, longer, to, line.length - from);
        return longer;
    }
}
