-- Every share of the journal, as long as retention keeps its day. The key is the order of shares all over the pool;
-- it also refuses a record that comes a second time. class: 0 accepted, 1 stale (weight 0), 2 late within grace.
CREATE TABLE share (
    time             timestamptz NOT NULL,
    server_id        integer     NOT NULL,
    epoch            integer     NOT NULL,
    sequence         bigint      NOT NULL,
    account_id       bigint      NOT NULL,
    worker_id        bigint      NOT NULL,
    job_id           bigint      NOT NULL,
    difficulty_units bigint      NOT NULL,
    connection       bigint      NOT NULL,
    ntime            integer     NOT NULL,
    nonce            integer     NOT NULL,
    version          integer     NOT NULL,
    lateness_millis  integer     NOT NULL,
    class            smallint    NOT NULL,
    extranonce       bytea       NOT NULL,
    hash_half        bytea       NOT NULL,
    PRIMARY KEY (time, server_id, epoch, sequence)
) PARTITION BY RANGE (time);

-- Exact work: the number of equal credited shares of one worker in one UTC minute. Nothing is lost by summing,
-- because everything a scheme may weigh is part of the key.
CREATE TABLE slice (
    minute           timestamptz NOT NULL,
    server_id        integer     NOT NULL,
    epoch            integer     NOT NULL,
    account_id       bigint      NOT NULL,
    worker_id        bigint      NOT NULL,
    nbits            integer     NOT NULL,
    subsidy_sats     bigint      NOT NULL,
    difficulty_units bigint      NOT NULL CHECK (difficulty_units > 0),
    shares           bigint      NOT NULL CHECK (shares > 0),
    first_sequence   bigint      NOT NULL,
    first_time       timestamptz NOT NULL,
    last_sequence    bigint      NOT NULL,
    last_time        timestamptz NOT NULL,
    PRIMARY KEY (minute, server_id, epoch, account_id, worker_id, nbits, subsidy_sats, difficulty_units)
) WITH (fillfactor = 80);
CREATE INDEX slice_account ON slice (account_id, minute);

-- Slices that no payout window reaches any more, per UTC day, for ever.
CREATE TABLE slice_day (
    day              date    NOT NULL,
    account_id       bigint  NOT NULL,
    worker_id        bigint  NOT NULL,
    nbits            integer NOT NULL,
    subsidy_sats     bigint  NOT NULL,
    difficulty_units bigint  NOT NULL,
    shares           numeric(38) NOT NULL CHECK (shares > 0),
    PRIMARY KEY (day, account_id, worker_id, nbits, subsidy_sats, difficulty_units)
);
CREATE INDEX slice_day_account ON slice_day (account_id, day);

CREATE FUNCTION share_partition(day date) RETURNS text
    LANGUAGE sql STABLE
    RETURN 'share_' || to_char(day, 'YYYYMMDD');

-- Made apart and attached, because that needs no lock which a reader of shares would have to wait for.
CREATE FUNCTION ensure_share_partition(day date) RETURNS void
    LANGUAGE plpgsql
    SET search_path = pool, pg_temp
    SET timezone = 'UTC'
    SET datestyle = 'ISO'
AS $$
DECLARE
    name text := share_partition(day);
BEGIN
    IF to_regclass('pool.' || name) IS NOT NULL THEN
        RETURN;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended('pool.share partitions', 0));
    IF to_regclass('pool.' || name) IS NOT NULL THEN
        RETURN;
    END IF;
    EXECUTE format('CREATE TABLE pool.%I (LIKE pool.share INCLUDING DEFAULTS)', name);
    EXECUTE format('ALTER TABLE pool.share ATTACH PARTITION pool.%I FOR VALUES FROM (%L) TO (%L)',
                   name, day::timestamptz, (day + 1)::timestamptz);
END
$$;

-- Whether the shares of this UTC minute are still here one by one.
CREATE FUNCTION shares_kept(minute timestamptz) RETURNS boolean
    LANGUAGE sql STABLE
    RETURN to_regclass('pool.' || pool.share_partition((minute AT TIME ZONE 'UTC')::date)) IS NOT NULL;

-- Retention: forgets the shares of all days before this one, and the jobs that only they needed. Returns the days.
CREATE FUNCTION drop_shares_before(first_kept date) RETURNS integer
    LANGUAGE plpgsql
    SET search_path = pool, pg_temp
    SET timezone = 'UTC'
AS $$
DECLARE
    partition text;
    dropped   integer := 0;
BEGIN
    FOR partition IN
        SELECT c.relname
        FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
        WHERE i.inhparent = 'pool.share'::regclass AND c.relname < share_partition(first_kept)
        ORDER BY c.relname
    LOOP
        EXECUTE format('DROP TABLE pool.%I', partition);
        dropped := dropped + 1;
    END LOOP;
    -- A job is mined on for minutes; the day between is for a chain that stands still.
    DELETE FROM job
    WHERE time < (first_kept - 1)::timestamptz AND NOT EXISTS (SELECT FROM block WHERE block.job_id = job.id);
    -- References are local to an epoch, and a later epoch is begun only when the earlier is wholly here.
    DELETE FROM journal_account r
    WHERE EXISTS (SELECT FROM journal_cursor c WHERE c.server_id = r.server_id AND c.epoch > r.epoch);
    DELETE FROM journal_worker r
    WHERE EXISTS (SELECT FROM journal_cursor c WHERE c.server_id = r.server_id AND c.epoch > r.epoch);
    RETURN dropped;
END
$$;

-- Sums the slices of all days before this one. Returns how many slices that were.
CREATE FUNCTION sum_slices_before(first_kept date) RETURNS bigint
    LANGUAGE plpgsql
    SET search_path = pool, pg_temp
    SET timezone = 'UTC'
AS $$
DECLARE
    summed bigint;
BEGIN
    WITH old AS (
        DELETE FROM slice WHERE minute < first_kept::timestamptz RETURNING *
    ), days AS (
        INSERT INTO slice_day AS kept (day, account_id, worker_id, nbits, subsidy_sats, difficulty_units, shares)
        SELECT minute::date, account_id, worker_id, nbits, subsidy_sats, difficulty_units, sum(shares)
        FROM old
        GROUP BY 1, 2, 3, 4, 5, 6
        ON CONFLICT (day, account_id, worker_id, nbits, subsidy_sats, difficulty_units)
            DO UPDATE SET shares = kept.shares + excluded.shares
    )
    SELECT count(*) INTO summed FROM old;
    RETURN summed;
END
$$;
