package adit.payout;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The payout vectors, by suite, and how their numbers become ours.
final class Vectors {
    private static final Rational UNITS = new Rational(BigInteger.TWO.pow(32), BigInteger.ONE);

    private Vectors() {}

    static List<JsonNode> suite(String name) {
        try (var in = Vectors.class.getResourceAsStream("/vectors/payout-vectors.json")) {
            var suite = new JsonMapper().readTree(in).path("suites").path(name);
            return suite.valueStream().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Rational rational(JsonNode number) {
        return Rational.parse(number.asString());
    }

    static BigInteger units(JsonNode difficulty) {
        return units(rational(difficulty));
    }

    static BigInteger units(Rational difficulty) {
        var units = difficulty.times(UNITS);
        if (!units.denominator().equals(BigInteger.ONE)) {
            throw new IllegalArgumentException("not a whole number of units: " + difficulty);
        }
        return units.numerator();
    }

    /// D of an object that says it as a fraction or as nBits; difficulty 1 where it says nothing.
    static NetworkDifficulty network(JsonNode holder) {
        if (holder.has("nbits")) {
            return NetworkDifficulty.ofNBits(
                    Integer.parseUnsignedInt(holder.path("nbits").asString(), 16));
        }
        return NetworkDifficulty.of(
                holder.has("network_difficulty")
                        ? rational(holder.path("network_difficulty"))
                        : Rational.ONE);
    }

    /// The credits of all accounts but the operator that are not zero.
    static SortedMap<Long, Long> credits(JsonNode byAccount) {
        var credits = new TreeMap<Long, Long>();
        byAccount
                .propertyStream()
                .forEach(e -> credits.put(Long.valueOf(e.getKey()), e.getValue().asLong()));
        credits.remove(0L);
        credits.values().removeIf(credit -> credit == 0);
        return credits;
    }
}
