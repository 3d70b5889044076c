-- drop: DROP FUNCTION audit.record_truncate();
-- after: audit/write_entry
-- audit.record_truncate: one entry for a table that is emptied; row triggers do not see it.
CREATE OR REPLACE FUNCTION audit.record_truncate() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
  PERFORM audit.write_entry(TG_TABLE_SCHEMA, TG_TABLE_NAME, 'truncate', NULL, NULL, '{}');
  RETURN NULL;
END
$$;
REVOKE ALL ON FUNCTION audit.record_truncate() FROM PUBLIC;
