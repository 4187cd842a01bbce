-- Epochs of one server may be written, and stored, side by side: while one process follows another both take shares.
-- An epoch has ended when nobody writes it any more and all of it is here.
ALTER TABLE journal_cursor RENAME COLUMN clean_stop TO ended;

-- Until now a later epoch was begun here only when the earlier one was wholly stored.
UPDATE journal_cursor c SET ended = true
WHERE EXISTS (
    SELECT FROM journal_cursor later
    WHERE later.server_id = c.server_id AND later.epoch > c.epoch AND later.next_sequence > 1);

-- Retention: forgets the shares of all days before this one, and the jobs that only they needed. Returns the days.
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
    -- References are local to an epoch, and nothing more comes of one that has ended.
    DELETE FROM journal_account r
    WHERE EXISTS (SELECT FROM journal_cursor c WHERE c.server_id = r.server_id AND c.epoch = r.epoch AND c.ended);
    DELETE FROM journal_worker r
    WHERE EXISTS (SELECT FROM journal_cursor c WHERE c.server_id = r.server_id AND c.epoch = r.epoch AND c.ended);
    RETURN dropped;
END
$$;
