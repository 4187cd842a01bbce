package adit.server;

import adit.server.account.PayoutAddress;
import adit.server.config.PoolConfig;

/// Why the pool cannot start, in one line that says what to do.
public final class CannotStart extends RuntimeException {

    private static final long serialVersionUID = 1;

    CannotStart(String message) {
        super(message);
    }

    static CannotStart payoutAddress(PoolConfig config, String network) {
        return new CannotStart(
                "payout-address in [pool]: "
                        + PayoutAddress.whyNot(config.pool().payoutAddress(), network)
                                .orElseGet(() ->
                                        "It must be a %s address, which begins with %s"
                                                .formatted(
                                                        network, PayoutAddress.example(network))));
    }

    static CannotStart payee(PoolConfig.Split split, String account, String network) {
        return new CannotStart(
                "The split %s has a payee %s that is no %s address, which begins with %s, and no account's name that"
                                .formatted(
                                        split.name(),
                                        account,
                                        network,
                                        PayoutAddress.example(network))
                        + " [accounts] takes.");
    }
}
