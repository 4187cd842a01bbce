package adit.server.settle;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import adit.payout.Fpps;
import adit.payout.Pplns;
import adit.payout.Pps;
import adit.payout.Proportional;
import adit.payout.Rational;
import adit.payout.Scheme;
import adit.payout.Solo;
import adit.server.config.PoolConfig;

/// The schemes of the pool with their parameters, by the name that stands in a worker's terms.
final class Schemes {
    /// Raised when a scheme comes to share out otherwise; stands in the key of what was shared out before.
    static final int VERSION = 1;

    private static final long NO_LEAST_FEE = 0;

    private final Pplns pplns;

    Schemes(PoolConfig.Scheme config) {
        pplns =
                new Pplns(
                        Rational.of(config.pplnsWindowBlocks()),
                        Pplns.Cutoff.PARTIAL,
                        Pplns.Underfull.NORMALIZE);
    }

    /// Nothing for a name that only another version of the pool knows.
    Optional<Scheme> named(String name) {
        for (var kind : PoolConfig.Scheme.Kind.values()) {
            if (kind.name().equals(name)) {
                return Optional.of(of(kind));
            }
        }
        return Optional.empty();
    }

    private Scheme of(PoolConfig.Scheme.Kind kind) {
        return switch (kind) {
            case PPLNS -> pplns;
            case PROP -> new Proportional();
            // The books carry any fee, however small: no output of its own has to be worth it.
            case SOLO -> new Solo(NO_LEAST_FEE);
            case PPS -> new Pps();
        };
    }

    /// What an auditor needs beside the work to recompute a distribution.
    static Map<String, String> parameters(Scheme scheme) {
        var parameters = new TreeMap<String, String>();
        switch (scheme) {
            case Pplns p -> {
                parameters.put("windowBlocks", p.windowBlocks().toString());
                parameters.put("cutoff", p.cutoff().name());
                parameters.put("underfull", p.underfull().name());
            }
            case Solo s -> parameters.put("leastFeeMsat", Long.toString(s.leastFeeMsat()));
            case Proportional _, Pps _ -> {
                // They have none.
            }
            case Fpps f -> parameters.put("feeRule", f.feeRule().toString());
        }
        return parameters;
    }
}
