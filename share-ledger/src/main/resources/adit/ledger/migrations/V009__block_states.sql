-- FOUND -> ACTIVE (n confirmations) -> MATURE, with ORPHANED beside. Two states more were provided for that no block
-- ever had: what the ledger knows of a block is where the nodes see it, not who took or refused it.
ALTER TABLE block
    DROP CONSTRAINT block_state_check,
    ADD CONSTRAINT block_state_check CHECK (state IN ('FOUND', 'ACTIVE', 'MATURE', 'ORPHANED'));
DROP INDEX block_unfinished;
CREATE INDEX block_unfinished ON block (state) WHERE state <> 'MATURE';
