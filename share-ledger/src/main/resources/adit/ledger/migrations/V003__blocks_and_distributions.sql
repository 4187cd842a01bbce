-- A block the pool found. FOUND -> SUBMITTED -> ACTIVE (n confirmations) -> MATURE; REJECTED and ORPHANED beside.
CREATE TABLE block (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    hash          bytea       NOT NULL UNIQUE CHECK (octet_length(hash) = 32),
    height        integer     NOT NULL,
    time          timestamptz NOT NULL,
    server_id     integer     NOT NULL,
    epoch         integer     NOT NULL,
    sequence      bigint      NOT NULL,
    account_id    bigint      NOT NULL REFERENCES account,
    worker_id     bigint      NOT NULL REFERENCES worker_terms,
    job_id        bigint      NOT NULL REFERENCES job,
    reward_sats   bigint      NOT NULL CHECK (reward_sats >= 0),
    subsidy_sats  bigint      NOT NULL CHECK (subsidy_sats >= 0),
    nbits         integer     NOT NULL,
    state         text        NOT NULL DEFAULT 'FOUND'
                  CHECK (state IN ('FOUND', 'SUBMITTED', 'ACTIVE', 'MATURE', 'REJECTED', 'ORPHANED')),
    confirmations integer     NOT NULL DEFAULT 0 CHECK (confirmations >= 0),
    UNIQUE (time, server_id, epoch, sequence)
);
CREATE INDEX block_unfinished ON block (state) WHERE state NOT IN ('MATURE', 'REJECTED');

CREATE TABLE block_history (
    block_id bigint      NOT NULL REFERENCES block,
    number   integer     NOT NULL,
    at       timestamptz NOT NULL,
    state    text        NOT NULL,
    note     text        NOT NULL,
    PRIMARY KEY (block_id, number)
);

-- Who earned what of one reward, frozen: what the books then credit, and what an auditor recomputes.
CREATE TABLE distribution (
    id                bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    key               text        NOT NULL UNIQUE,
    block_id          bigint      REFERENCES block,
    scheme            text        NOT NULL,
    version           integer     NOT NULL,
    parameters        text        NOT NULL,
    newest_time       timestamptz NOT NULL,
    newest_server     integer     NOT NULL,
    newest_epoch      integer     NOT NULL,
    newest_sequence   bigint      NOT NULL,
    oldest_time       timestamptz NOT NULL,
    oldest_server     integer     NOT NULL,
    oldest_epoch      integer     NOT NULL,
    oldest_sequence   bigint      NOT NULL,
    boundary          text        NOT NULL CHECK (boundary IN ('EXACT', 'PRO_RATA')),
    reward_msat       bigint      NOT NULL CHECK (reward_msat >= 0),
    fee_msat          bigint      NOT NULL CHECK (fee_msat >= 0),
    credits_msat      bigint      NOT NULL CHECK (credits_msat >= 0),
    unattributed_msat bigint      NOT NULL CHECK (unattributed_msat >= 0),
    operator_msat     bigint      NOT NULL CHECK (operator_msat >= 0),
    lines             integer     NOT NULL CHECK (lines >= 0),
    frozen_at         timestamptz NOT NULL DEFAULT now(),
    CHECK (reward_msat::numeric = fee_msat::numeric + credits_msat + unattributed_msat + operator_msat)
);

CREATE TABLE distribution_line (
    distribution_id bigint NOT NULL REFERENCES distribution,
    account_id      bigint NOT NULL REFERENCES account,
    credit_msat     bigint NOT NULL CHECK (credit_msat >= 0),
    PRIMARY KEY (distribution_id, account_id)
);
CREATE INDEX distribution_line_account ON distribution_line (account_id, distribution_id);

CREATE FUNCTION refuse_change() RETURNS trigger
    LANGUAGE plpgsql
AS $$
BEGIN
    RAISE EXCEPTION '% of % is refused: its rows never change', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END
$$;

-- All lines of a distribution come in one statement and add up to its header.
CREATE FUNCTION check_distribution_lines() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pool, pg_temp
AS $$
DECLARE
    wrong bigint;
BEGIN
    SELECT d.id INTO wrong
    FROM (SELECT distribution_id, count(*) AS lines, sum(credit_msat) AS credits
          FROM new_lines GROUP BY distribution_id) AS came
    JOIN distribution d ON d.id = came.distribution_id
    WHERE came.lines <> d.lines OR came.credits <> d.credits_msat
    LIMIT 1;
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION 'the lines of distribution % do not add up to its header', wrong
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER distribution_lines_add_up AFTER INSERT ON distribution_line
    REFERENCING NEW TABLE AS new_lines
    FOR EACH STATEMENT EXECUTE FUNCTION check_distribution_lines();

CREATE FUNCTION check_distribution_complete() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pool, pg_temp
AS $$
BEGIN
    IF (SELECT count(*) FROM distribution_line WHERE distribution_id = NEW.id) <> NEW.lines
       OR NEW.lines = 0 AND NEW.credits_msat <> 0 THEN
        RAISE EXCEPTION 'distribution % is committed without its lines', NEW.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END
$$;

CREATE CONSTRAINT TRIGGER distribution_is_complete AFTER INSERT ON distribution
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION check_distribution_complete();

CREATE TRIGGER distribution_is_frozen BEFORE UPDATE OR DELETE OR TRUNCATE ON distribution
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER distribution_line_is_frozen BEFORE UPDATE OR DELETE OR TRUNCATE ON distribution_line
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER block_history_is_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON block_history
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
