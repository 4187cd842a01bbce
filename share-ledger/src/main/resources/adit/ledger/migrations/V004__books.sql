-- Double-entry books in millisatoshi. A row here never changes: what was wrong is reversed by a further transaction.
-- side and normal: +1 debit, -1 credit.
CREATE TABLE ledger_account (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    code         text     NOT NULL,
    owner_id     bigint   REFERENCES account,
    normal       smallint NOT NULL CHECK (normal IN (1, -1)),
    non_negative boolean  NOT NULL,
    UNIQUE NULLS NOT DISTINCT (code, owner_id)
);

-- id is the position in the hash chain: dense from 1.
CREATE TABLE ledger_txn (
    id           bigint PRIMARY KEY CHECK (id > 0),
    kind         text        NOT NULL CHECK (kind <> ''),
    idem_key     text        NOT NULL UNIQUE CHECK (idem_key <> ''),
    reverses     bigint      UNIQUE REFERENCES ledger_txn,
    effective_at timestamptz NOT NULL,
    posted_at    timestamptz NOT NULL,
    lines        integer     NOT NULL CHECK (lines >= 2),
    payload_hash bytea       NOT NULL CHECK (octet_length(payload_hash) = 32),
    prev_hash    bytea       NOT NULL CHECK (octet_length(prev_hash) = 32),
    hash         bytea       NOT NULL UNIQUE CHECK (octet_length(hash) = 32)
);

CREATE TABLE ledger_entry (
    txn_id      bigint   NOT NULL REFERENCES ledger_txn,
    line        integer  NOT NULL CHECK (line > 0),
    account_id  bigint   NOT NULL REFERENCES ledger_account,
    side        smallint NOT NULL CHECK (side IN (1, -1)),
    amount_msat bigint   NOT NULL CHECK (amount_msat > 0),
    PRIMARY KEY (txn_id, line)
);
CREATE INDEX ledger_entry_account ON ledger_entry (account_id, txn_id);

-- Sums of the entries, kept by the database itself.
CREATE TABLE account_balance (
    account_id bigint PRIMARY KEY REFERENCES ledger_account,
    debits     numeric(38) NOT NULL CHECK (debits >= 0),
    credits    numeric(38) NOT NULL CHECK (credits >= 0),
    version    bigint      NOT NULL
);

-- The end of the chain. Its lock makes postings follow one another.
CREATE TABLE ledger_head (
    single boolean PRIMARY KEY DEFAULT true CHECK (single),
    id   bigint NOT NULL,
    hash bytea  NOT NULL
);
INSERT INTO ledger_head (id, hash) VALUES (0, decode(repeat('00', 32), 'hex'));

CREATE FUNCTION chain_ledger_txn() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pool, pg_temp
AS $$
BEGIN
    UPDATE ledger_head SET id = NEW.id, hash = NEW.hash WHERE id = NEW.id - 1 AND hash = NEW.prev_hash;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'transaction % does not continue the chain', NEW.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER ledger_txn_continues_the_chain BEFORE INSERT ON ledger_txn
    FOR EACH ROW EXECUTE FUNCTION chain_ledger_txn();

-- All lines of a transaction come in one statement. Checked per statement, not per line: 20,000 lines at once are
-- usual, and a trigger per line that sums its transaction would be quadratic.
CREATE FUNCTION book_entries() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pool, pg_temp
AS $$
DECLARE
    wrong bigint;
BEGIN
    SELECT came.txn_id INTO wrong
    FROM (SELECT txn_id, count(*) AS lines, sum(side * amount_msat::numeric) AS balance
          FROM new_entries GROUP BY txn_id) AS came
    JOIN ledger_txn t ON t.id = came.txn_id
    WHERE came.balance <> 0 OR came.lines <> t.lines
    LIMIT 1;
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION 'transaction % does not balance, or its lines did not come all at once', wrong
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;

    INSERT INTO account_balance AS kept (account_id, debits, credits, version)
    SELECT account_id,
           coalesce(sum(amount_msat) FILTER (WHERE side = 1), 0),
           coalesce(sum(amount_msat) FILTER (WHERE side = -1), 0),
           1
    FROM new_entries
    GROUP BY account_id
    ORDER BY account_id
    ON CONFLICT (account_id) DO UPDATE
        SET debits = kept.debits + excluded.debits,
            credits = kept.credits + excluded.credits,
            version = kept.version + 1;

    SELECT a.id INTO wrong
    FROM (SELECT DISTINCT account_id FROM new_entries) AS came
    JOIN ledger_account a ON a.id = came.account_id AND a.non_negative
    JOIN account_balance b ON b.account_id = a.id
    WHERE a.normal * (b.debits - b.credits) < 0
    LIMIT 1;
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION 'ledger account % would be overdrawn', wrong USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER ledger_entries_balance AFTER INSERT ON ledger_entry
    REFERENCING NEW TABLE AS new_entries
    FOR EACH STATEMENT EXECUTE FUNCTION book_entries();

CREATE FUNCTION check_ledger_txn_complete() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pool, pg_temp
AS $$
BEGIN
    IF (SELECT count(*) FROM ledger_entry WHERE txn_id = NEW.id) <> NEW.lines THEN
        RAISE EXCEPTION 'transaction % is committed without its lines', NEW.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END
$$;

CREATE CONSTRAINT TRIGGER ledger_txn_is_complete AFTER INSERT ON ledger_txn
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION check_ledger_txn_complete();

-- Balances and the head follow from the rows above, so only the triggers above may write them.
CREATE FUNCTION refuse_direct_change() RETURNS trigger
    LANGUAGE plpgsql
AS $$
BEGIN
    IF pg_trigger_depth() < 2 THEN
        RAISE EXCEPTION '% of % is refused: it follows from the entries', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER account_balance_follows BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON account_balance
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_direct_change();
CREATE TRIGGER ledger_head_follows BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON ledger_head
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_direct_change();

CREATE TRIGGER ledger_account_never_changes BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_account
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER ledger_txn_never_changes BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_txn
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER ledger_entry_never_changes BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_entry
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
