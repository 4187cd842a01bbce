package adit.server.firmware;

import java.util.List;

/// A kind of firmware and what has to be known of it to serve it well.
///
/// @param name what people call it
/// @param coinbaseClass how large a coinbase it takes
/// @param extranonce2Sizes numbers of rollable bytes it is known to work with; empty if nothing is known
/// @param difficulty what numbers it reads as a difficulty
/// @param firstUnits what it begins with at least; 0 for the listener's first difficulty
/// @param leastUnits below this it refuses to work; 0 for no such bound
/// @param followsReconnect whether `client.reconnect` moves it
/// @param showsMessages whether `client.show_message` reaches anybody
/// @param answersVersion whether it answers `client.get_version`
/// @param screenWhenBooked what its owner sees where coinbases pay the pool; empty if nothing particular
/// @param screenWhenDirect the same where coinbases pay the finder
/// @param notes what else is known
public record Firmware(
        String name,
        CoinbaseClass coinbaseClass,
        List<Integer> extranonce2Sizes,
        DifficultyFormat difficulty,
        long firstUnits,
        long leastUnits,
        boolean followsReconnect,
        boolean showsMessages,
        boolean answersVersion,
        CoinbaseCheck coinbaseCheck,
        String screenWhenBooked,
        String screenWhenDirect,
        String notes) {

    /// What nothing is known of; most ASICs are served well so.
    public static final Firmware UNKNOWN =
            new Firmware(
                    "unknown",
                    CoinbaseClass.DEFAULT,
                    List.of(),
                    DifficultyFormat.DOUBLE,
                    0,
                    0,
                    true,
                    false,
                    false,
                    CoinbaseCheck.NONE,
                    "",
                    "",
                    "");

    public Firmware {
        extranonce2Sizes = List.copyOf(extranonce2Sizes);
        if (firstUnits < 0 || leastUnits < 0) {
            throw new IllegalArgumentException("a difficulty is not negative");
        }
        if (firstUnits > 0 && firstUnits < leastUnits) {
            throw new IllegalArgumentException(
                    "first-difficulty must not be below minimum-difficulty");
        }
    }

    /// What its owner sees on its screen about the coinbase; empty if nothing particular.
    public String screen(boolean paysFinder) {
        return paysFinder ? screenWhenDirect : screenWhenBooked;
    }
}
