-- A point in time from microseconds since 1970, as arrays of parameters carry it.
CREATE FUNCTION at_micros(micros bigint) RETURNS timestamptz
    LANGUAGE sql STABLE
    RETURN timestamptz 'epoch' + micros * interval '1 microsecond';

-- A payee: an address in canonical spelling, or an account name. Never renamed, never removed.
CREATE TABLE account (
    id   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL UNIQUE CHECK (name <> '')
);

-- A worker under the terms it mined for. Other terms are another row, so a share keeps the fee it was mined at.
CREATE TABLE worker_terms (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    account_id bigint  NOT NULL REFERENCES account,
    name       text    NOT NULL,
    scheme     text    NOT NULL CHECK (scheme <> ''),
    fee_bps    integer NOT NULL CHECK (fee_bps BETWEEN 0 AND 10000),
    UNIQUE (account_id, name, scheme, fee_bps)
);

-- A pool process's journal. `node` is the identity of its directory: a server id is never given to a second one.
CREATE TABLE server (
    id      integer PRIMARY KEY CHECK (id BETWEEN 0 AND 255),
    node    uuid    NOT NULL UNIQUE,
    lost_at timestamptz
);

-- How far an epoch's journal is in this database. Moves in the transaction that stores what it has passed, by
-- compare-and-set, so a record is stored once however many projectors, retries and restored backups there are.
CREATE TABLE journal_cursor (
    server_id     integer     NOT NULL REFERENCES server,
    epoch         integer     NOT NULL CHECK (epoch >= 0),
    next_sequence bigint      NOT NULL DEFAULT 1 CHECK (next_sequence >= 1),
    time          timestamptz,
    clean_stop    boolean     NOT NULL DEFAULT false,
    PRIMARY KEY (server_id, epoch)
);

-- What the journal's references mean here. They are local to one epoch of one server.
CREATE TABLE journal_account (
    server_id  integer NOT NULL,
    epoch      integer NOT NULL,
    ref        integer NOT NULL,
    account_id bigint  NOT NULL REFERENCES account,
    PRIMARY KEY (server_id, epoch, ref)
);

CREATE TABLE journal_worker (
    server_id integer NOT NULL,
    epoch     integer NOT NULL,
    ref       integer NOT NULL,
    worker_id bigint  NOT NULL REFERENCES worker_terms,
    PRIMARY KEY (server_id, epoch, ref)
);

-- All that is needed beside a share to hash it again. Header fields are the 32 bits as a signed integer; hashes and
-- the merkle branch (32 bytes a level) are in wire order.
CREATE TABLE job (
    id               bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    server_id        integer     NOT NULL,
    epoch            integer     NOT NULL,
    ref              bigint      NOT NULL,
    time             timestamptz NOT NULL,
    height           integer     NOT NULL,
    previous_hash    bytea       NOT NULL CHECK (octet_length(previous_hash) = 32),
    nbits            integer     NOT NULL,
    version          integer     NOT NULL,
    version_mask     integer     NOT NULL,
    ntime            integer     NOT NULL,
    subsidy_sats     bigint      NOT NULL CHECK (subsidy_sats >= 0),
    reward_sats      bigint      NOT NULL CHECK (reward_sats >= 0),
    coinbase_prefix  bytea       NOT NULL,
    extranonce_bytes integer     NOT NULL,
    coinbase_suffix  bytea       NOT NULL,
    branch           bytea       NOT NULL CHECK (octet_length(branch) % 32 = 0),
    UNIQUE (server_id, epoch, ref)
);
CREATE INDEX job_time ON job (time);
