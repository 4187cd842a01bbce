package adit.ledger.postgres;

/// The chart of accounts: what a ledger account is for, on which side it grows, and whether each payee has its own.
public enum LedgerCode {
    IMMATURE("A:IMMATURE", Side.DEBIT),
    IN_COINBASE("A:IN_COINBASE", Side.DEBIT),
    WALLET("A:WALLET", Side.DEBIT),
    COLD("A:COLD", Side.DEBIT),
    LIGHTNING("A:LIGHTNING", Side.DEBIT),
    MARGIN("A:MARGIN", Side.DEBIT),
    RECEIVABLE("A:RECEIVABLE", Side.DEBIT),
    MINER_IMMATURE("L:MINER_IMMATURE", Side.CREDIT),
    MINER_AVAILABLE("L:MINER_AVAILABLE", Side.CREDIT),
    MINER_PENDING("L:MINER_PENDING", Side.CREDIT),
    MINER_CARRY("L:MINER_CARRY", Side.CREDIT),
    LOT_HOLDER("L:LOT_HOLDER", Side.CREDIT),
    ROUNDING("L:ROUNDING", Side.CREDIT),
    UNATTRIBUTED("L:UNATTRIBUTED", Side.CREDIT),
    OPERATOR_CAPITAL("E:OPERATOR_CAPITAL", Side.CREDIT),
    RETAINED("E:RETAINED", Side.CREDIT),
    POOL_FEE_IMMATURE("I:POOL_FEE_IMMATURE", Side.CREDIT),
    POOL_FEE("I:POOL_FEE", Side.CREDIT),
    BLOCK_REWARD("I:BLOCK_REWARD", Side.CREDIT),
    HEDGE_GAIN("I:HEDGE_PNL", Side.CREDIT),
    SHARE_COST("X:SHARE_COST", Side.DEBIT),
    OUR_LATENESS("X:OUR_LATENESS", Side.DEBIT),
    NETWORK_FEE("X:NETWORK_FEE", Side.DEBIT),
    LIGHTNING_ROUTING("X:LN_ROUTING", Side.DEBIT),
    ORPHAN_LOSS("X:ORPHAN_LOSS", Side.DEBIT),
    HEDGE_LOSS("X:HEDGE_PNL", Side.DEBIT);

    private final String code;
    private final Side normal;

    LedgerCode(String code, Side normal) {
        this.code = code;
        this.normal = normal;
    }

    /// As it is stored and shown.
    public String code() {
        return code;
    }

    public Side normal() {
        return normal;
    }

    /// Whether every payee has an account of this kind; such an account is money owed to a person and never negative.
    public boolean isOwned() {
        return code.startsWith("L:MINER_") || this == LOT_HOLDER;
    }

    public static LedgerCode of(String code) {
        for (LedgerCode candidate : values()) {
            if (candidate.code.equals(code)) {
                return candidate;
            }
        }
        throw new IllegalArgumentException("no ledger account code " + code);
    }

    /// A side of the books, +1 debit and -1 credit as stored.
    public enum Side {
        DEBIT(1),
        CREDIT(-1);

        private final int sign;

        Side(int sign) {
            this.sign = sign;
        }

        public int sign() {
            return sign;
        }

        public Side opposite() {
            return this == DEBIT ? CREDIT : DEBIT;
        }

        static Side ofSign(int sign) {
            Check.that(sign == 1 || sign == -1, "a side is +1 or -1");
            return sign == 1 ? DEBIT : CREDIT;
        }
    }
}
