package adit.server.job;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import adit.pow.Coinbase;
import adit.pow.CoinbaseOutput;

/// The outputs of a coinbase that pays people itself: who has one and what the pool's own holds.
///
/// Payees get theirs in the order given, as long as there is room. Whom there is no room for, or whose part would be
/// dust, is **carried**: that money goes to the pool's output, and the books owe it. What is left after the payees,
/// the fee, is the pool's; where the pool's output would be dust the first payee gets it.
///
/// **Invariant:** the outputs sum to the value, to the satoshi; nothing is dropped.
///
/// @param paidSats what each payee who has an output gets by it
record CoinbaseSplit(List<CoinbaseOutput> outputs, Map<Integer, Long> paidSats) {

    /// Somebody to be paid: a number, a script, and how much.
    record Payee(int number, byte[] script, long sats) {}

    /// What a coinbase has to spare for outputs.
    record Room(int bytes, int sigopCost) {

        /// What is left beside all else in `coinbase` for a firmware that takes so many bytes.
        static Room in(Coinbase coinbase, int mostBytes) {
            int most = Math.min(mostBytes, Coinbase.RESERVED_BYTES);
            int bytes = most - coinbase.bytesWithoutOutputs();
            return new Room(bytes, Coinbase.RESERVED_SIGOP_COST);
        }

        boolean holds(byte[] script) {
            return CoinbaseOutput.bytesOf(script) <= bytes
                    && CoinbaseOutput.sigopCost(script) <= sigopCost;
        }

        Room without(byte[] script) {
            int cost = CoinbaseOutput.sigopCost(script);
            return new Room(bytes - CoinbaseOutput.bytesOf(script), sigopCost - cost);
        }

        Room withoutBytes(int fewer) {
            return new Room(bytes - fewer, sigopCost);
        }
    }

    /// A list of 253 and more is counted in two bytes more.
    private static final int LONG_LIST = 252;

    private static final int LONG_COUNT_BYTES = 2;

    /// @param valueSats what the coinbase pays in all; the payees' parts are not more
    static CoinbaseSplit of(long valueSats, List<Payee> payees, byte[] poolScript, Room room) {
        // Room for the pool's own output is kept from the beginning, for it takes what is carried.
        var left = room.without(poolScript);
        long poolSats = valueSats;
        var paid = new ArrayList<Payee>();
        for (var payee : payees) {
            boolean makesTheListLong = paid.size() + 2 == LONG_LIST;
            var here = makesTheListLong ? left.withoutBytes(LONG_COUNT_BYTES) : left;
            if (payee.sats >= CoinbaseOutput.dustSats(payee.script) && here.holds(payee.script)) {
                paid.add(payee);
                poolSats = Math.subtractExact(poolSats, payee.sats);
                left = here.without(payee.script);
            }
        }
        if (poolSats < 0) {
            throw new IllegalArgumentException("payees get more than there is");
        }
        if (poolSats < CoinbaseOutput.dustSats(poolScript) && !paid.isEmpty()) {
            var first = paid.getFirst();
            paid.set(0, new Payee(first.number, first.script, first.sats + poolSats));
            poolSats = 0;
        }
        return of(paid, poolSats, poolScript);
    }

    private static CoinbaseSplit of(List<Payee> paid, long poolSats, byte[] poolScript) {
        var outputs = new ArrayList<CoinbaseOutput>(paid.size() + 1);
        var paidSats = new HashMap<Integer, Long>();
        for (var payee : paid) {
            outputs.add(new CoinbaseOutput(payee.script, payee.sats));
            paidSats.put(payee.number, payee.sats);
        }
        if (poolSats > 0 || paid.isEmpty()) {
            outputs.add(new CoinbaseOutput(poolScript, poolSats));
        }
        return new CoinbaseSplit(List.copyOf(outputs), Map.copyOf(paidSats));
    }
}
