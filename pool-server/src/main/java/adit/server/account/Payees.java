package adit.server.account;

import java.util.List;

/// Those who are credited for the work of one name, each with its parts: one account as a rule, several
/// where a split divides the work.
///
/// A share goes whole to one of them, chosen by its header's hash:
/// ```text
///   number = the hash's first 8 bytes in wire order, most significant first, unsigned
///   place  = number · (sum of all parts) >> 64          in [0, sum)
///   payee  = the one whose parts, counted on from the first, hold this place
/// ```
/// These are the hash's least significant bytes when it is compared with a target, so how hard the share
/// was says nothing about them. Whoever withholds the shares of one payee loses that work and gains nothing
/// for the others; whoever has the journal, which keeps these bytes, can choose again.
///
/// **Invariant:** parts are positive, and few enough that their sum fits an int.
public final class Payees {

    public record Payee(Account account, int parts) {}

    private final List<Payee> all;
    private final int sum;

    private Payees(List<Payee> all) {
        this.all = List.copyOf(all);
        int counted = 0;
        for (var payee : all) {
            Check.that(payee.parts() > 0, "a payee has parts");
            counted = Math.addExact(counted, payee.parts());
        }
        Check.that(counted > 0, "somebody is credited");
        this.sum = counted;
    }

    static Payees of(Account account) {
        return new Payees(List.of(new Payee(account, 1)));
    }

    static Payees of(List<Payee> payees) {
        return new Payees(payees);
    }

    public int count() {
        return all.size();
    }

    public Account account(int index) {
        return all.get(index).account();
    }

    /// Whose share this is.
    ///
    /// @param headerHash in wire order; its first 8 bytes are read
    public int chosenBy(byte[] headerHash) {
        long place = Math.unsignedMultiplyHigh(firstEight(headerHash), sum);
        int index = 0;
        while (place >= all.get(index).parts()) {
            place -= all.get(index++).parts();
        }
        return index;
    }

    private static long firstEight(byte[] bytes) {
        long number = 0;
        for (int i = 0; i < Long.BYTES; i++) {
            number = number << Byte.SIZE | (bytes[i] & 0xff);
        }
        return number;
    }
}
