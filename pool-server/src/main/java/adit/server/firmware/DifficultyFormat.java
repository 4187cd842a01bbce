package adit.server.firmware;

/// What numbers a firmware can read as a difficulty.
///
/// A difficulty is rounded down to one of them before it is bound to a job, so that the miner and the pool judge by
/// the same. Units are 2^-32 of difficulty 1.
public enum DifficultyFormat {
    /// A whole number from 1 on; a fraction would be read as 0, or refused.
    INTEGER {
        @Override
        public long readable(long units) {
            return Math.max(units & -ONE, ONE);
        }
    },
    /// A number of 24 significant bits.
    FLOAT {
        @Override
        public long readable(long units) {
            return significant(units, FLOAT_BITS);
        }
    },
    /// A number of 53 significant bits.
    DOUBLE {
        @Override
        public long readable(long units) {
            return significant(units, DOUBLE_BITS);
        }
    };

    private static final long ONE = 1L << 32;
    private static final int FLOAT_BITS = 24;
    private static final int DOUBLE_BITS = 53;

    /// The largest such difficulty that is not above this one; the smallest there is, where none is.
    public abstract long readable(long units);

    private static long significant(long units, int bits) {
        int surplus = Long.SIZE - Long.numberOfLeadingZeros(units) - bits;
        return surplus <= 0 ? units : units >> surplus << surplus;
    }
}
