-- Forgets jobs that only shares of days before this one needed, at most so many. Returns how many: 0 when none is left.
CREATE OR REPLACE FUNCTION drop_jobs_before(first_kept date, most integer) RETURNS integer
    LANGUAGE plpgsql
    SET search_path = pool, pg_temp
    SET timezone = 'UTC'
AS $$
DECLARE
    dropped integer;
BEGIN
    -- A job is mined on for minutes; where no node answers, for as long as miners are kept on their last one, which is
    -- a day at the most. The other of these two days is for the minutes before and after.
    DELETE FROM job WHERE id IN (
        SELECT old.id FROM job old
        WHERE old.time < (first_kept - 2)::timestamptz
          AND NOT EXISTS (SELECT FROM block WHERE block.job_id = old.id)
          AND NOT EXISTS (SELECT FROM job other WHERE other.base_id = old.id)
        ORDER BY old.time
        LIMIT most);
    GET DIAGNOSTICS dropped = ROW_COUNT;
    RETURN dropped;
END
$$;
