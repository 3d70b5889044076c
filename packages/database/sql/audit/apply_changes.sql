-- drop: DROP AGGREGATE audit.fold(jsonb); DROP FUNCTION audit.apply_changes(jsonb, jsonb);
-- after: audit/reveal
-- audit.apply_changes: a record after the changes of one entry more; audit.fold: after all of them, in order. A record
-- holds the columns that can be read: a secret, a hashed, or an erased one is not among them.
CREATE OR REPLACE FUNCTION audit.apply_changes(p_record jsonb, p_changes jsonb) RETURNS jsonb
LANGUAGE plpgsql STABLE AS $$
DECLARE
  v_record jsonb := coalesce(p_record, '{}');
BEGIN
  IF p_changes ? 'secret' THEN
    v_record := v_record - ARRAY(SELECT jsonb_array_elements_text(p_changes -> 'secret'));
  END IF;
  IF p_changes #> '{hashed,new}' IS NOT NULL THEN
    v_record := v_record - ARRAY(SELECT jsonb_object_keys(p_changes #> '{hashed,new}'));
  END IF;
  IF p_changes #> '{personal,new}' IS NOT NULL THEN
    v_record := v_record - ARRAY(SELECT jsonb_object_keys(p_changes #> '{personal,new,values}'));
  END IF;
  RETURN v_record || coalesce(audit.reveal(p_changes, 'new'), '{}');
END
$$;
REVOKE ALL ON FUNCTION audit.apply_changes(jsonb, jsonb) FROM PUBLIC;
CREATE OR REPLACE AGGREGATE audit.fold(jsonb) (SFUNC = audit.apply_changes, STYPE = jsonb);
REVOKE ALL ON FUNCTION audit.fold(jsonb) FROM PUBLIC;
