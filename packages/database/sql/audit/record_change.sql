-- drop: DROP FUNCTION audit.record_change();
-- after: audit/write_change
-- audit.record_change: one entry for every row written, an UPDATE that changes nothing included. The arguments, set by
-- audit.audit_table: the columns of the primary key, and the rules. The settings are pinned so that the entry of a value
-- does not depend on who writes it.
CREATE OR REPLACE FUNCTION audit.record_change() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = '' SET "TimeZone" = 'UTC' SET "DateStyle" = 'ISO' SET "IntervalStyle" = 'postgres'
SET extra_float_digits = 1 SET bytea_output = 'hex' AS $$
BEGIN
  PERFORM audit.write_change(
    TG_TABLE_SCHEMA, TG_TABLE_NAME, TG_ARGV[0]::text[], nullif(TG_ARGV[1], '')::jsonb, to_jsonb(OLD), to_jsonb(NEW)
  );
  RETURN NULL;
END
$$;
REVOKE ALL ON FUNCTION audit.record_change() FROM PUBLIC;
