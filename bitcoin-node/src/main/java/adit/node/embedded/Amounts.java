package adit.node.embedded;

import java.math.BigDecimal;

import tools.jackson.databind.JsonNode;

/// Satoshis as they stand in JSON: exact decimals of bitcoins with eight places.
final class Amounts {
    private static final int PLACES = 8;

    private Amounts() {}

    static BigDecimal bitcoins(long sats) {
        return BigDecimal.valueOf(sats, PLACES);
    }

    static long sats(JsonNode amount) {
        if (!amount.isNumber() && !amount.isString()) {
            throw new RpcError(RpcError.TYPE, "Amount is not a number or string");
        }
        long sats;
        try {
            var text = amount.isString() ? amount.stringValue() : amount.decimalValue().toString();
            sats = new BigDecimal(text).movePointRight(PLACES).longValueExact();
        } catch (ArithmeticException | NumberFormatException _) {
            throw new RpcError(RpcError.TYPE, "Invalid amount");
        }
        if (sats < 0 || sats > BlockRules.MAX_MONEY_SATS) {
            throw new RpcError(RpcError.TYPE, "Amount out of range");
        }
        return sats;
    }
}
