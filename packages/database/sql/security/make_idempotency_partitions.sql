-- drop: DROP FUNCTION security.make_idempotency_partitions(integer);
-- security.make_idempotency_partitions: a partition for today (UTC) and for the days ahead; answers how many it made. A day
-- that the default partition has begun to take stays there, so that the unique index holds for the whole of it.
-- Requests wait while it looks into the default partition; it gives up after a second rather than let them queue up.
CREATE OR REPLACE FUNCTION security.make_idempotency_partitions(p_days_ahead integer DEFAULT 2) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' SET "DateStyle" = 'ISO' SET lock_timeout = '1s' AS $$
DECLARE
  v_today date := (now() AT TIME ZONE 'UTC')::date;
  v_day date;
  v_name text;
  v_made integer := 0;
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
    v_made := v_made + 1;
  END LOOP;
  RETURN v_made;
END
$$;
REVOKE ALL ON FUNCTION security.make_idempotency_partitions(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION security.make_idempotency_partitions(integer) TO pika_app;
