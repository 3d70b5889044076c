-- drop: DROP FUNCTION audit.release_others(regclass[]);
-- after: audit/release_table
-- audit.release_others: ends the audit of every table but these.
CREATE OR REPLACE FUNCTION audit.release_others(kept regclass[]) RETURNS void
LANGUAGE plpgsql SET search_path = '' AS $$
DECLARE
  v_table regclass;
BEGIN
  FOR v_table IN
    SELECT t.tgrelid::regclass FROM pg_catalog.pg_trigger t
    WHERE t.tgname = 'audit_row' AND t.tgfoid = 'audit.record_change'::regproc AND t.tgrelid <> ALL (kept)
    ORDER BY t.tgrelid::regclass::text
  LOOP
    PERFORM audit.release_table(v_table);
  END LOOP;
END
$$;
REVOKE ALL ON FUNCTION audit.release_others(regclass[]) FROM PUBLIC;
