package adit.server.source;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import adit.server.config.Limits;
import adit.server.source.Source.Sentence;

/// One source as the file names it that outlives the process, in the words of a person.
///
/// ```text
/// 203.0.113.7 credit 2026-11-24T12:00:00Z                                     when it was earned last
/// 203.0.113.8 penalty protocol-errors 2 2026-11-24T12:00:00Z 2026-11-24T12:02:00Z   the how many-th, from, to
/// ```
/// A wall clock that was set back or forward between writing and reading neither prolongs a credit beyond what
/// one earned now would be, nor a penalty beyond the longest.
record SourceLine(SourceAddress address, Source source) {

    /// What one line takes at most, its end included.
    static final int MAX_BYTES = 112;

    /// The first version named no kinds: all lines were credits.
    static final int VERSION = 2;

    private static final String CREDIT = "credit";
    private static final String PENALTY = "penalty";
    private static final Map<String, CloseReason> REASONS = CloseReason.offences();

    /// Whether there is anything to be kept of it.
    static boolean isDue(Source source, long now) {
        return source.hasCredit(now) || source.isSentenceRemembered(now);
    }

    String text(long now, Instant wallNow) {
        var sentence = source.sentence();
        if (source.hasCredit(now) || sentence == null) {
            return "%s %s %s"
                    .formatted(address, CREDIT, second(source.earnedNanos(), now, wallNow));
        }
        return "%s %s %s %d %s %s"
                .formatted(
                        address,
                        PENALTY,
                        sentence.reason().label(),
                        sentence.count(),
                        second(sentence.sinceNanos(), now, wallNow),
                        second(sentence.untilNanos(), now, wallNow));
    }

    /// Empty where the line means nothing any more, or was written by a later version.
    static Optional<SourceLine> parse(String line, long now, Instant wallNow) {
        var words = List.of(line.split(" ", -1));
        var address = SourceAddress.parse(words.getFirst());
        if (address.isEmpty()) {
            return Optional.empty();
        }
        try {
            var source =
                    switch (words.size()) {
                        case 3 -> credit(words, now, wallNow);
                        case 6 -> penalty(words, now, wallNow);
                        default -> Optional.<Source>empty();
                    };
            return source.filter(s -> isDue(s, now)).map(s -> new SourceLine(address.get(), s));
        } catch (DateTimeParseException | NumberFormatException foreign) {
            return Optional.empty();
        }
    }

    private static Optional<Source> credit(List<String> words, long now, Instant wallNow) {
        if (!words.get(1).equals(CREDIT)) {
            return Optional.empty();
        }
        var age = Duration.between(Instant.parse(words.get(2)), wallNow);
        if (age.isNegative()) {
            return Optional.of(Source.credited(now, now));
        }
        // An age of centuries does not fit the nanoseconds of the clock.
        return age.toDays() > Duration.ofNanos(Limits.CREDIT_NANOS).toDays()
                ? Optional.empty()
                : Optional.of(Source.credited(now - age.toNanos(), now));
    }

    private static Optional<Source> penalty(List<String> words, long now, Instant wallNow) {
        var reason = REASONS.get(words.get(2));
        int count = Integer.parseInt(words.get(3));
        if (!words.get(1).equals(PENALTY) || reason == null || count < 1) {
            return Optional.empty();
        }
        var length = Duration.between(Instant.parse(words.get(4)), Instant.parse(words.get(5)));
        var left = Duration.between(wallNow, Instant.parse(words.get(5)));
        var longest = Duration.ofNanos(Limits.MAX_PENALTY_NANOS);
        if (length.isNegative()
                || length.compareTo(longest) > 0
                || left.negated().toSeconds()
                        > Duration.ofNanos(Limits.PENALTY_REMEMBERED_NANOS).toSeconds()) {
            return Optional.empty();
        }
        long until = now + (left.compareTo(length) > 0 ? length : left).toNanos();
        return Optional.of(
                Source.sentenced(
                        new Sentence(reason, until - length.toNanos(), until, count), now));
    }

    private static Instant second(long nanos, long now, Instant wallNow) {
        return wallNow.plusNanos(nanos - now).truncatedTo(ChronoUnit.SECONDS);
    }
}
