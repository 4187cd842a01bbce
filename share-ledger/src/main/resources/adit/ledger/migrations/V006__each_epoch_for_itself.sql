-- clean_stop: no record of this epoch will come any more. It ended cleanly, or whoever came after it has stored all that
-- its journal holds. Until now a server's newest epoch spoke for those before it, which were wholly stored by then.
UPDATE journal_cursor c SET clean_stop = true
WHERE EXISTS (SELECT FROM journal_cursor l WHERE l.server_id = c.server_id AND l.epoch > c.epoch AND l.next_sequence > 1);

-- As before, but for the references: they are needed until their own epoch is over, and no longer.
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
    -- A job is mined on for minutes; the day between is for a chain that stands still.
    DELETE FROM job
    WHERE time < (first_kept - 1)::timestamptz AND NOT EXISTS (SELECT FROM block WHERE block.job_id = job.id);
    DELETE FROM journal_account r USING journal_cursor c
    WHERE c.server_id = r.server_id AND c.epoch = r.epoch AND c.clean_stop;
    DELETE FROM journal_worker r USING journal_cursor c
    WHERE c.server_id = r.server_id AND c.epoch = r.epoch AND c.clean_stop;
    RETURN dropped;
END
$$;
