package adit.payout;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/// One reward, shared out: what the pool takes as fee, what each account is owed, and what is left for others.
///
/// `operatorMsat` is the operator's by the scheme (a PPS block, an underfull window); `unattributedMsat` is a reward
/// nobody worked for, kept until a person decides. Accounts that receive nothing are absent.
///
/// **Invariant:** fee + credits + unattributed + operator = reward, to the unit; nothing is negative.
public record Distribution(
        long rewardMsat,
        long feeMsat,
        SortedMap<Long, Long> creditsMsat,
        long unattributedMsat,
        long operatorMsat,
        WindowReport window) {
    public Distribution {
        Check.that(
                feeMsat >= 0 && unattributedMsat >= 0 && operatorMsat >= 0,
                "no part may be negative");
        long sumMsat = Math.addExact(Math.addExact(feeMsat, unattributedMsat), operatorMsat);
        for (var credit : creditsMsat.entrySet()) {
            Check.that(credit.getKey() > 0, "only accounts of miners are credited");
            Check.that(credit.getValue() > 0, "a credit must be positive");
            sumMsat = Math.addExact(sumMsat, credit.getValue());
        }
        Check.that(sumMsat == rewardMsat, "the parts must sum to the reward");
        creditsMsat = Collections.unmodifiableSortedMap(new TreeMap<>(creditsMsat));
    }
}
