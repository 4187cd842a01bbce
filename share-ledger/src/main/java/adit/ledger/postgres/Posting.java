package adit.ledger.postgres;

import java.math.BigInteger;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/// A business event as it is to be booked. The key names the event, so that booking it again changes nothing.
public record Posting(String key, String kind, Instant effectiveAt, List<Line> lines) {
    public Posting {
        Check.that(!key.isEmpty() && !kind.isEmpty(), "a posting has a key and a kind");
        effectiveAt = effectiveAt.truncatedTo(ChronoUnit.MICROS);
        lines = List.copyOf(lines);
    }

    public static Builder of(String key, String kind, Instant effectiveAt) {
        return new Builder(key, kind, effectiveAt);
    }

    public boolean isBalanced() {
        var balance = lines.stream().map(Line::signedMsat).reduce(BigInteger.ZERO, BigInteger::add);
        return lines.size() >= 2 && balance.signum() == 0;
    }

    /// One amount on one side of one account.
    public record Line(LedgerAccount account, LedgerCode.Side side, long amountMsat) {
        public Line {
            Check.that(amountMsat > 0, "a line moves something");
        }

        /// Debits positive, credits negative.
        BigInteger signedMsat() {
            return BigInteger.valueOf(amountMsat * side.sign());
        }
    }

    /// Collects lines; amounts of zero are left out, for they move nothing.
    public static final class Builder {
        private final String key;
        private final String kind;
        private final Instant effectiveAt;
        private final List<Line> lines = new ArrayList<>();

        private Builder(String key, String kind, Instant effectiveAt) {
            this.key = key;
            this.kind = kind;
            this.effectiveAt = effectiveAt;
        }

        public Builder debit(LedgerAccount account, long amountMsat) {
            return line(account, LedgerCode.Side.DEBIT, amountMsat);
        }

        public Builder credit(LedgerAccount account, long amountMsat) {
            return line(account, LedgerCode.Side.CREDIT, amountMsat);
        }

        private Builder line(LedgerAccount account, LedgerCode.Side side, long amountMsat) {
            if (amountMsat != 0) {
                lines.add(new Line(account, side, amountMsat));
            }
            return this;
        }

        public Posting build() {
            return new Posting(key, kind, effectiveAt, lines);
        }
    }
}
