-- drop: DROP FUNCTION audit.reveal(jsonb, text);
-- audit.reveal: the readable values of one side ('old' or 'new') of an entry's changes: the plain ones, and the personal
-- ones whose key still exists. NULL where the entry has no such side.
CREATE OR REPLACE FUNCTION audit.reveal(p_changes jsonb, p_side text) RETURNS jsonb
LANGUAGE plpgsql STABLE AS $$
DECLARE
  v_sealed jsonb := p_changes #> ARRAY['personal', p_side];
  v_values jsonb := p_changes -> p_side;
  v_key bytea;
  v_column text;
  v_kept text;
BEGIN
  IF v_sealed IS NULL THEN
    RETURN v_values;
  END IF;
  SELECT subject.key INTO v_key FROM security.subject_keys subject
  WHERE subject.subject_id = (v_sealed ->> 'subject')::uuid;
  FOR v_column, v_kept IN SELECT sealed.key, sealed.value FROM jsonb_each_text(v_sealed -> 'values') AS sealed LOOP
    IF v_kept IS NULL THEN
      v_values := v_values || jsonb_build_object(v_column, NULL);
    ELSIF v_key IS NOT NULL THEN
      v_values := v_values || jsonb_build_object(v_column, audit.decrypt(v_kept, v_key)::jsonb);
    END IF;
  END LOOP;
  RETURN v_values;
END
$$;
REVOKE ALL ON FUNCTION audit.reveal(jsonb, text) FROM PUBLIC;
