-- drop: DROP TRIGGER archives_append_only ON audit.archives; DROP TRIGGER archives_not_emptied ON audit.archives; DROP TRIGGER entries_append_only ON audit.entries; DROP TRIGGER entries_not_emptied ON audit.entries; DROP TRIGGER entries_not_emptied ON audit.entries_default; DROP TRIGGER sealed_entries_append_only ON audit.sealed_entries; DROP TRIGGER sealed_entries_not_emptied ON audit.sealed_entries; DROP TRIGGER seals_append_only ON audit.seals; DROP TRIGGER seals_not_emptied ON audit.seals; DROP FUNCTION audit.refuse_change();
-- audit.refuse_change: the log is append-only, for its owner too. What a superuser does by disabling a trigger is what
-- audit:verify is for. Partitions take the row trigger from audit.entries; audit.make_partitions gives each the other.
CREATE OR REPLACE FUNCTION audit.refuse_change() RETURNS trigger
LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  RAISE EXCEPTION '%.% is append-only', TG_TABLE_SCHEMA, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END
$$;
REVOKE ALL ON FUNCTION audit.refuse_change() FROM PUBLIC;
CREATE OR REPLACE TRIGGER archives_append_only BEFORE UPDATE OR DELETE ON audit.archives
  FOR EACH ROW EXECUTE FUNCTION audit.refuse_change();
CREATE OR REPLACE TRIGGER archives_not_emptied BEFORE TRUNCATE ON audit.archives
  FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();
CREATE OR REPLACE TRIGGER entries_append_only BEFORE UPDATE OR DELETE ON audit.entries
  FOR EACH ROW EXECUTE FUNCTION audit.refuse_change();
CREATE OR REPLACE TRIGGER entries_not_emptied BEFORE TRUNCATE ON audit.entries
  FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();
CREATE OR REPLACE TRIGGER entries_not_emptied BEFORE TRUNCATE ON audit.entries_default
  FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();
CREATE OR REPLACE TRIGGER sealed_entries_append_only BEFORE UPDATE OR DELETE ON audit.sealed_entries
  FOR EACH ROW EXECUTE FUNCTION audit.refuse_change();
CREATE OR REPLACE TRIGGER sealed_entries_not_emptied BEFORE TRUNCATE ON audit.sealed_entries
  FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();
CREATE OR REPLACE TRIGGER seals_append_only BEFORE UPDATE OR DELETE ON audit.seals
  FOR EACH ROW EXECUTE FUNCTION audit.refuse_change();
CREATE OR REPLACE TRIGGER seals_not_emptied BEFORE TRUNCATE ON audit.seals
  FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();
ALTER TABLE audit.archives ENABLE ALWAYS TRIGGER archives_append_only, ENABLE ALWAYS TRIGGER archives_not_emptied;
ALTER TABLE audit.entries ENABLE ALWAYS TRIGGER entries_append_only, ENABLE ALWAYS TRIGGER entries_not_emptied;
ALTER TABLE audit.entries_default ENABLE ALWAYS TRIGGER entries_not_emptied;
ALTER TABLE audit.sealed_entries ENABLE ALWAYS TRIGGER sealed_entries_append_only, ENABLE ALWAYS TRIGGER sealed_entries_not_emptied;
ALTER TABLE audit.seals ENABLE ALWAYS TRIGGER seals_append_only, ENABLE ALWAYS TRIGGER seals_not_emptied;
