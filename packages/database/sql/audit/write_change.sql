-- drop: DROP FUNCTION audit.write_change(text, text, text[], jsonb, jsonb, jsonb);
-- audit.write_change: the entry of one row: inserted without p_old, deleted without p_new. p_rules are those of
-- audit.audit_table, NULL where every column may be read.
CREATE OR REPLACE FUNCTION audit.write_change(
  p_schema text, p_table text, p_keys text[], p_rules jsonb, p_old jsonb, p_new jsonb
) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  v_operation audit.operation;
  v_changes jsonb;
  v_key jsonb := '{}';
  v_former_key jsonb;
  v_column text;
  v_old_subject uuid := p_old ->> (p_rules ->> 'subject');
  v_new_subject uuid := p_new ->> (p_rules ->> 'subject');
BEGIN
  FOREACH v_column IN ARRAY p_keys LOOP
    v_key := v_key || jsonb_build_object(v_column, coalesce(p_new, p_old) -> v_column);
  END LOOP;
  IF p_old IS NULL THEN
    v_operation := 'insert';
    v_changes := jsonb_build_object('new', p_new);
  ELSIF p_new IS NULL THEN
    v_operation := 'delete';
    v_changes := jsonb_build_object('old', p_old);
  ELSE
    v_operation := 'update';
    IF p_old = p_new THEN
      v_changes := '{"old": {}, "new": {}}';
    ELSE
      SELECT jsonb_build_object(
        'old', coalesce(jsonb_object_agg(changed.key, p_old -> changed.key), '{}'),
        'new', coalesce(jsonb_object_agg(changed.key, changed.value), '{}')
      ) INTO v_changes
      FROM jsonb_each(p_new) AS changed
      WHERE p_old -> changed.key IS DISTINCT FROM changed.value
        OR (v_old_subject IS DISTINCT FROM v_new_subject AND p_rules -> 'personal' ? changed.key);
      IF v_changes -> 'new' ?| p_keys THEN
        v_former_key := '{}';
        FOREACH v_column IN ARRAY p_keys LOOP
          v_former_key := v_former_key || jsonb_build_object(v_column, p_old -> v_column);
        END LOOP;
      END IF;
    END IF;
  END IF;
  IF p_rules IS NOT NULL THEN
    v_changes := audit.protect(v_changes, p_rules, v_old_subject, v_new_subject);
  END IF;
  PERFORM audit.write_entry(
    p_schema, p_table, v_operation, v_key, v_former_key, v_changes, coalesce(v_new_subject, v_old_subject));
END
$$;
REVOKE ALL ON FUNCTION audit.write_change(text, text, text[], jsonb, jsonb, jsonb) FROM PUBLIC;
