-- What a block's own coinbase pays: of the block to its finder, and of each credit. The pool never holds it.
ALTER TABLE block
    ADD COLUMN direct_sats bigint NOT NULL DEFAULT 0 CHECK (direct_sats BETWEEN 0 AND reward_sats);
ALTER TABLE distribution_line
    ADD COLUMN direct_msat bigint NOT NULL DEFAULT 0 CHECK (direct_msat BETWEEN 0 AND credit_msat);
