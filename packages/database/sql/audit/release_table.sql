-- drop: DROP FUNCTION audit.release_table(regclass);
-- after: audit/write_entry
-- audit.release_table: ends the audit of a table and says so in the log.
CREATE OR REPLACE FUNCTION audit.release_table(audited regclass) RETURNS void
LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  EXECUTE format('DROP TRIGGER audit_row ON %s', audited);
  EXECUTE format('DROP TRIGGER audit_truncate ON %s', audited);
  PERFORM audit.write_entry(namespace.nspname, class.relname, 'detach', NULL, NULL, '{}')
  FROM pg_catalog.pg_class class JOIN pg_catalog.pg_namespace namespace ON namespace.oid = class.relnamespace
  WHERE class.oid = audited;
END
$$;
REVOKE ALL ON FUNCTION audit.release_table(regclass) FROM PUBLIC;
