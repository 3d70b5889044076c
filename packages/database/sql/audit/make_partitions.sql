-- drop: DROP FUNCTION audit.make_partitions(integer);
-- after: audit/refuse_change
-- audit.make_partitions: a partition for this month (UTC), for those ahead, and for every month that rows in the default
-- partition belong to; answers how many it made. Those rows are not deleted, which the log refuses, but copied: a new
-- default partition takes the place of the old one, which is dropped. One runs at a time; writers wait only while the
-- default partition is locked, which is long only if it holds much.
CREATE OR REPLACE FUNCTION audit.make_partitions(months_ahead integer DEFAULT 3) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' SET "TimeZone" = 'UTC' SET "DateStyle" = 'ISO' AS $$
DECLARE
  v_this_month timestamptz := date_trunc('month', now());
  v_wanted timestamptz[];
  v_month timestamptz;
  v_made integer := 0;
  v_has_rows boolean;
  v_name text;
BEGIN
  LOCK TABLE audit.entries IN SHARE UPDATE EXCLUSIVE MODE;
  SELECT EXISTS (SELECT FROM audit.entries_default) INTO v_has_rows;
  IF v_has_rows THEN
    LOCK TABLE audit.entries IN ACCESS EXCLUSIVE MODE;
    ALTER TABLE audit.entries DETACH PARTITION audit.entries_default;
    ALTER TABLE audit.entries_default RENAME TO entries_moving;
  END IF;
  v_wanted := ARRAY(SELECT generate_series(v_this_month, v_this_month + months_ahead * interval '1 month', '1 month'));
  IF v_has_rows THEN
    v_wanted := v_wanted || ARRAY(SELECT DISTINCT date_trunc('month', e.recorded_at) FROM audit.entries_moving e);
  END IF;
  FOR v_month IN SELECT DISTINCT wanted FROM unnest(v_wanted) AS wanted ORDER BY wanted LOOP
    v_name := 'entries_' || to_char(v_month, 'YYYY_MM');
    CONTINUE WHEN to_regclass('audit.' || v_name) IS NOT NULL;
    EXECUTE format('CREATE TABLE audit.%I (LIKE audit.entries INCLUDING ALL)', v_name);
    EXECUTE format('ALTER TABLE audit.entries ATTACH PARTITION audit.%I FOR VALUES FROM (%L) TO (%L)',
      v_name, v_month, v_month + interval '1 month');
    EXECUTE format('CREATE TRIGGER entries_not_emptied BEFORE TRUNCATE ON audit.%I '
      'FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change()', v_name);
    EXECUTE format('ALTER TABLE audit.%I ENABLE ALWAYS TRIGGER entries_append_only, ENABLE ALWAYS TRIGGER entries_not_emptied', v_name);
    v_made := v_made + 1;
  END LOOP;
  IF v_has_rows THEN
    CREATE TABLE audit.entries_default (LIKE audit.entries INCLUDING ALL);
    ALTER TABLE audit.entries ATTACH PARTITION audit.entries_default DEFAULT;
    CREATE TRIGGER entries_not_emptied BEFORE TRUNCATE ON audit.entries_default
      FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();
    ALTER TABLE audit.entries_default
      ENABLE ALWAYS TRIGGER entries_append_only, ENABLE ALWAYS TRIGGER entries_not_emptied;
    INSERT INTO audit.entries SELECT * FROM audit.entries_moving;
    DROP TABLE audit.entries_moving;
  END IF;
  RETURN v_made;
END
$$;
REVOKE ALL ON FUNCTION audit.make_partitions(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION audit.make_partitions(integer) TO pika_app;
