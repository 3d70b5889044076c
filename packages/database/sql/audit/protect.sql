-- drop: DROP FUNCTION audit.protect(jsonb, jsonb, uuid, uuid);
-- audit.protect: takes what must not be read out of the changes of a row. Secret columns keep their name alone; hashed
-- ones a keyed hash; personal ones their JSON text, encrypted under the key of the row's subject, or, without a subject or
-- after its erasure, their name alone.
CREATE OR REPLACE FUNCTION audit.protect(
  p_changes jsonb, p_rules jsonb, p_old_subject uuid, p_new_subject uuid
) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
  v_secret jsonb := '[]';
  v_hashed jsonb := '{}';
  v_personal jsonb := '{}';
  v_side text;
  v_values jsonb;
  v_part jsonb;
  v_column text;
  v_subject uuid;
  v_key bytea;
BEGIN
  FOREACH v_side IN ARRAY '{old,new}'::text[] LOOP
    v_values := p_changes -> v_side;
    CONTINUE WHEN v_values IS NULL;
    FOR v_column IN SELECT jsonb_array_elements_text(p_rules -> 'secret') LOOP
      CONTINUE WHEN NOT v_values ? v_column;
      v_secret := v_secret || to_jsonb(v_column);
      v_values := v_values - v_column;
    END LOOP;
    v_part := '{}';
    FOR v_column IN SELECT jsonb_array_elements_text(p_rules -> 'hashed') LOOP
      CONTINUE WHEN NOT v_values ? v_column;
      v_part := v_part || jsonb_build_object(v_column, audit.keyed_hash(v_values ->> v_column));
      v_values := v_values - v_column;
    END LOOP;
    IF v_part <> '{}' THEN
      v_hashed := v_hashed || jsonb_build_object(v_side, v_part);
    END IF;
    v_part := '{}';
    v_subject := CASE v_side WHEN 'old' THEN p_old_subject ELSE p_new_subject END;
    v_key := NULL;
    FOR v_column IN SELECT jsonb_array_elements_text(p_rules -> 'personal') LOOP
      CONTINUE WHEN NOT v_values ? v_column;
      v_key := coalesce(v_key, audit.subject_key(v_subject));
      IF v_values -> v_column = 'null' THEN
        v_part := v_part || jsonb_build_object(v_column, NULL);
      ELSIF v_key IS NULL THEN
        v_secret := v_secret || to_jsonb(v_column);
      ELSE
        v_part := v_part || jsonb_build_object(v_column, audit.encrypt((v_values -> v_column)::text, v_key));
      END IF;
      v_values := v_values - v_column;
    END LOOP;
    IF v_part <> '{}' THEN
      v_personal := v_personal || jsonb_build_object(v_side, jsonb_build_object('subject', v_subject, 'values', v_part));
    END IF;
    p_changes := p_changes || jsonb_build_object(v_side, v_values);
  END LOOP;
  RETURN p_changes
    || CASE WHEN v_secret = '[]' THEN '{}' ELSE jsonb_build_object('secret', (
        SELECT jsonb_agg(DISTINCT name ORDER BY name) FROM jsonb_array_elements_text(v_secret) AS name
      )) END
    || CASE WHEN v_hashed = '{}' THEN '{}' ELSE jsonb_build_object('hashed', v_hashed) END
    || CASE WHEN v_personal = '{}' THEN '{}' ELSE jsonb_build_object('personal', v_personal) END;
END
$$;
REVOKE ALL ON FUNCTION audit.protect(jsonb, jsonb, uuid, uuid) FROM PUBLIC;
