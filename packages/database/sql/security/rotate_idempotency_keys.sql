-- drop: DROP FUNCTION security.rotate_idempotency_keys(integer);
-- security.rotate_idempotency_keys: makes the partitions of today (UTC) and the days ahead, and removes those before
-- yesterday, so that an answer is kept for 24 hours at least; answers how many it made and removed. A day that the default
-- partition has begun to take stays there, so that the unique index holds for all of it.
-- Removing locks the whole table for a moment; it gives up after a second rather than let requests queue up behind it.
CREATE OR REPLACE FUNCTION security.rotate_idempotency_keys(p_days_ahead integer DEFAULT 2) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' SET "DateStyle" = 'ISO' SET lock_timeout = '1s' AS $$
DECLARE
  v_today date := (now() AT TIME ZONE 'UTC')::date;
  v_day date;
  v_name text;
  v_changed integer := 0;
BEGIN
  LOCK TABLE security.idempotency_keys IN SHARE UPDATE EXCLUSIVE MODE;
  FOR v_day IN SELECT day::date FROM generate_series(v_today, v_today + p_days_ahead, '1 day') AS day LOOP
    v_name := 'idempotency_keys_' || to_char(v_day, 'YYYY_MM_DD');
    CONTINUE WHEN to_regclass('security.' || v_name) IS NOT NULL;
    LOCK TABLE security.idempotency_keys_default IN ACCESS EXCLUSIVE MODE;
    CONTINUE WHEN EXISTS (SELECT FROM security.idempotency_keys_default late WHERE late.created_on = v_day);
    EXECUTE format('CREATE TABLE security.%I (LIKE security.idempotency_keys INCLUDING ALL)', v_name);
    EXECUTE format('ALTER TABLE security.idempotency_keys ATTACH PARTITION security.%I FOR VALUES FROM (%L) TO (%L)',
      v_name, v_day, v_day + 1);
    v_changed := v_changed + 1;
  END LOOP;
  FOR v_name IN
    SELECT part.relname FROM pg_catalog.pg_inherits JOIN pg_catalog.pg_class part ON part.oid = inhrelid
    WHERE inhparent = 'security.idempotency_keys'::regclass AND part.relname <> 'idempotency_keys_default'
      AND to_date(right(part.relname, 10), 'YYYY_MM_DD') < v_today - 1
  LOOP
    EXECUTE format('DROP TABLE security.%I', v_name);
    v_changed := v_changed + 1;
  END LOOP;
  DELETE FROM security.idempotency_keys_default late WHERE late.created_on < v_today - 1;
  RETURN v_changed;
END
$$;
REVOKE ALL ON FUNCTION security.rotate_idempotency_keys(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION security.rotate_idempotency_keys(integer) TO pika_app;
