-- Where coinbases pay their finders there is a job for every account and template that differs from the template's own
-- in its outputs alone. Such a row names that one, its base, and has only the columns that it does not share or that
-- sums of shares ask for.
ALTER TABLE job
    ADD COLUMN base_id bigint,
    ALTER COLUMN height DROP NOT NULL,
    ALTER COLUMN previous_hash DROP NOT NULL,
    ALTER COLUMN version DROP NOT NULL,
    ALTER COLUMN version_mask DROP NOT NULL,
    ALTER COLUMN ntime DROP NOT NULL,
    ALTER COLUMN reward_sats DROP NOT NULL,
    ALTER COLUMN coinbase_prefix DROP NOT NULL,
    ALTER COLUMN extranonce_bytes DROP NOT NULL,
    ALTER COLUMN branch DROP NOT NULL;
-- Not asked of the rows there are: each is whole.
ALTER TABLE job ADD CONSTRAINT job_is_whole_or_has_a_base CHECK (
    num_nulls(height, previous_hash, version, version_mask, ntime, reward_sats, coinbase_prefix, extranonce_bytes, branch)
    = CASE WHEN base_id IS NULL THEN 0 ELSE 9 END) NOT VALID;
CREATE INDEX job_base ON job (base_id) WHERE base_id IS NOT NULL;
-- Without it the database would read all blocks for each job it forgets.
CREATE INDEX block_job ON block (job_id);

-- Every job with all that is needed beside a share to hash it again.
CREATE VIEW whole_job AS
    SELECT j.id, j.server_id, j.epoch, j.ref, j.time, w.height, w.previous_hash, w.nbits, w.version, w.version_mask,
           w.ntime, w.subsidy_sats, w.reward_sats, w.coinbase_prefix, w.extranonce_bytes, j.coinbase_suffix, w.branch
    FROM job j JOIN job w ON w.id = coalesce(j.base_id, j.id);

-- Retention: forgets the shares of all days before this one. Returns the days. Nobody reads or writes shares meanwhile,
-- so whatever takes long is not done here.
CREATE OR REPLACE FUNCTION drop_shares_before(first_kept date) RETURNS integer
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
    -- References are local to an epoch, and nothing more comes of one that has ended.
    DELETE FROM journal_account r
    WHERE EXISTS (SELECT FROM journal_cursor c WHERE c.server_id = r.server_id AND c.epoch = r.epoch AND c.ended);
    DELETE FROM journal_worker r
    WHERE EXISTS (SELECT FROM journal_cursor c WHERE c.server_id = r.server_id AND c.epoch = r.epoch AND c.ended);
    RETURN dropped;
END
$$;

-- Forgets jobs that only shares of days before this one needed, at most so many. Returns how many: 0 when none is left.
CREATE FUNCTION drop_jobs_before(first_kept date, most integer) RETURNS integer
    LANGUAGE plpgsql
    SET search_path = pool, pg_temp
    SET timezone = 'UTC'
AS $$
DECLARE
    dropped integer;
BEGIN
    -- A job is mined on for minutes; the day between is for a chain that stands still.
    DELETE FROM job WHERE id IN (
        SELECT old.id FROM job old
        WHERE old.time < (first_kept - 1)::timestamptz
          AND NOT EXISTS (SELECT FROM block WHERE block.job_id = old.id)
          AND NOT EXISTS (SELECT FROM job other WHERE other.base_id = old.id)
        ORDER BY old.time
        LIMIT most);
    GET DIAGNOSTICS dropped = ROW_COUNT;
    RETURN dropped;
END
$$;
