-- drop: DROP FUNCTION audit.audit_table(regclass, text[], text[], text[], text);
-- after: audit/record_change
-- after: audit/record_truncate
-- audit.audit_table: audits a table from now on, or again when its key or the rules have changed. `secret` columns leave
-- their names alone in the log, `hashed` ones a keyed hash, `personal` ones are sealed with the key of the person whom
-- `subject_column` names. What the table already holds is written as inserts, so that replaying the log gives the table.
-- The triggers fire ALWAYS: session_replication_role = replica does not get around them.
CREATE OR REPLACE FUNCTION audit.audit_table(
  audited regclass, secret text[] DEFAULT '{}', hashed text[] DEFAULT '{}', personal text[] DEFAULT '{}',
  subject_column text DEFAULT NULL
) RETURNS void
LANGUAGE plpgsql SET search_path = '' SET "TimeZone" = 'UTC' SET extra_float_digits = 1 AS $$
DECLARE
  v_keys text[] := audit.key_columns(audited);
  v_named text[] := array_remove(secret || hashed || personal || subject_column, NULL);
  v_rules jsonb;
  v_schema text;
  v_table text;
  v_was_audited boolean;
BEGIN
  IF v_keys IS NULL THEN
    RAISE EXCEPTION '% has no primary key', audited USING ERRCODE = 'invalid_table_definition';
  END IF;
  IF v_keys && (secret || hashed || personal) THEN
    RAISE EXCEPTION 'the key of % stands open in the log', audited USING ERRCODE = 'invalid_parameter_value';
  END IF;
  IF cardinality(personal) > 0 AND subject_column IS NULL THEN
    RAISE EXCEPTION 'the personal columns of % need a subject column', audited USING ERRCODE = 'invalid_parameter_value';
  END IF;
  IF EXISTS (
    SELECT FROM unnest(v_named) AS name WHERE NOT EXISTS (
      SELECT FROM pg_catalog.pg_attribute a WHERE a.attrelid = audited AND a.attname = name AND NOT a.attisdropped)
  ) THEN
    RAISE EXCEPTION '% lacks one of the columns %', audited, v_named USING ERRCODE = 'undefined_column';
  END IF;
  IF cardinality(secret || hashed || personal) > 0 THEN
    v_rules := jsonb_build_object('secret', secret, 'hashed', hashed, 'personal', personal, 'subject', subject_column);
  END IF;

  v_was_audited := EXISTS (SELECT FROM pg_catalog.pg_trigger t WHERE t.tgrelid = audited AND t.tgname = 'audit_row');
  IF EXISTS (
    SELECT FROM pg_catalog.pg_trigger t
    WHERE t.tgrelid = audited AND t.tgname = 'audit_row' AND t.tgenabled = 'A'
      AND t.tgargs = convert_to(v_keys::text, 'UTF8') || '\x00' || convert_to(coalesce(v_rules::text, ''), 'UTF8') || '\x00'
  ) THEN
    RETURN;
  END IF;
  EXECUTE format(
    'CREATE OR REPLACE TRIGGER audit_row AFTER INSERT OR UPDATE OR DELETE ON %s '
    'FOR EACH ROW EXECUTE FUNCTION audit.record_change(%L, %L)', audited, v_keys, coalesce(v_rules::text, ''));
  EXECUTE format(
    'CREATE OR REPLACE TRIGGER audit_truncate AFTER TRUNCATE ON %s '
    'FOR EACH STATEMENT EXECUTE FUNCTION audit.record_truncate()', audited);
  EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER audit_row, ENABLE ALWAYS TRIGGER audit_truncate', audited);
  IF v_was_audited THEN
    RETURN;
  END IF;
  SELECT namespace.nspname, class.relname INTO v_schema, v_table
  FROM pg_catalog.pg_class class JOIN pg_catalog.pg_namespace namespace ON namespace.oid = class.relnamespace
  WHERE class.oid = audited;
  PERFORM audit.write_entry(v_schema, v_table, 'attach', NULL, NULL, '{}');
  EXECUTE format('SELECT audit.write_change($1, $2, $3, $4, NULL, to_jsonb(held)) FROM ONLY %s AS held', audited)
    USING v_schema, v_table, v_keys, v_rules;
END
$$;
REVOKE ALL ON FUNCTION audit.audit_table(regclass, text[], text[], text[], text) FROM PUBLIC;
