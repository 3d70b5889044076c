-- drop: DROP FUNCTION security.drop_idempotency_partitions();
-- security.drop_idempotency_partitions: removes the answers of all days before yesterday (UTC), so that each was kept for
-- 24 hours at least; answers how many partitions went. A transaction of its own: it locks the table before its partitions,
-- as requests do, and gives up after a second rather than let them queue up behind it.
CREATE OR REPLACE FUNCTION security.drop_idempotency_partitions() RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' SET lock_timeout = '1s' AS $$
DECLARE
  v_yesterday date := (now() AT TIME ZONE 'UTC')::date - 1;
  v_name text;
  v_dropped integer := 0;
BEGIN
  FOR v_name IN
    SELECT part.relname FROM pg_catalog.pg_inherits JOIN pg_catalog.pg_class part ON part.oid = inhrelid
    WHERE inhparent = 'security.idempotency_keys'::regclass AND part.relname <> 'idempotency_keys_default'
      AND to_date(right(part.relname, 10), 'YYYY_MM_DD') < v_yesterday
  LOOP
    EXECUTE format('DROP TABLE security.%I', v_name);
    v_dropped := v_dropped + 1;
  END LOOP;
  DELETE FROM security.idempotency_keys_default late WHERE late.created_on < v_yesterday;
  RETURN v_dropped;
END
$$;
REVOKE ALL ON FUNCTION security.drop_idempotency_partitions() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION security.drop_idempotency_partitions() TO pika_app;
