package adit.ledger.postgres;

import java.util.Comparator;

/// One account of the books: a code, and for money owed to a payee that payee's account id (0 otherwise).
public record LedgerAccount(LedgerCode code, long owner) implements Comparable<LedgerAccount> {
    private static final Comparator<LedgerAccount> ORDER =
            Comparator.comparing((LedgerAccount account) -> account.code)
                    .thenComparingLong(LedgerAccount::owner);

    public LedgerAccount {
        Check.that(
                code.isOwned() ? owner > 0 : owner == 0,
                "an owner for exactly the accounts that have one");
    }

    public static LedgerAccount of(LedgerCode code) {
        return new LedgerAccount(code, 0);
    }

    public static LedgerAccount of(LedgerCode code, long owner) {
        return new LedgerAccount(code, owner);
    }

    /// The opposite of [#toString].
    public static LedgerAccount parse(String text) {
        int second = text.indexOf(':', text.indexOf(':') + 1);
        return second < 0
                ? of(LedgerCode.of(text))
                : of(
                        LedgerCode.of(text.substring(0, second)),
                        Long.parseLong(text.substring(second + 1)));
    }

    @Override
    public int compareTo(LedgerAccount other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return code.isOwned() ? code.code() + ":" + owner : code.code();
    }
}
