-- drop: DROP FUNCTION audit.archive_month(date);
-- audit.archive_month: detaches the partition of a month whose entries are all sealed, to be dumped and dropped, and
-- notes it; answers the name of the table that it is now. The hashes stay, so that the chain remains whole.
CREATE OR REPLACE FUNCTION audit.archive_month(p_month date) RETURNS text
LANGUAGE plpgsql SET search_path = '' SET "TimeZone" = 'UTC' SET "DateStyle" = 'ISO' AS $$
DECLARE
  v_month date := date_trunc('month', p_month);
  v_name text := 'entries_' || to_char(v_month, 'YYYY_MM');
  v_entries bigint;
  v_sealed bigint;
BEGIN
  IF to_regclass('audit.' || v_name) IS NULL THEN
    RAISE EXCEPTION 'there is no partition audit.%', v_name USING ERRCODE = 'undefined_table';
  END IF;
  LOCK TABLE audit.entries IN ACCESS EXCLUSIVE MODE;
  EXECUTE format('SELECT count(*) FROM audit.%I', v_name) INTO v_entries;
  SELECT count(*) INTO v_sealed FROM audit.sealed_entries sealed
  WHERE sealed.recorded_at >= v_month AND sealed.recorded_at < v_month + interval '1 month';
  IF v_entries <> v_sealed THEN
    RAISE EXCEPTION 'audit.% holds % entries, of which % are sealed', v_name, v_entries, v_sealed
      USING ERRCODE = 'object_not_in_prerequisite_state';
  END IF;
  INSERT INTO audit.archives (month, entries) VALUES (v_month, v_entries);
  EXECUTE format('ALTER TABLE audit.entries DETACH PARTITION audit.%I', v_name);
  EXECUTE format('ALTER TABLE audit.%I RENAME TO %I', v_name, 'archived_' || v_name);
  RETURN 'audit.archived_' || v_name;
END
$$;
REVOKE ALL ON FUNCTION audit.archive_month(date) FROM PUBLIC;
