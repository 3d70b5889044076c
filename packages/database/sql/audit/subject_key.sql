-- drop: DROP FUNCTION audit.subject_key(uuid);
-- audit.subject_key: the key of a person, made at first use; NULL for nobody and for who was erased.
CREATE OR REPLACE FUNCTION audit.subject_key(p_subject_id uuid) RETURNS bytea
LANGUAGE plpgsql AS $$
DECLARE
  v_key bytea;
BEGIN
  IF p_subject_id IS NULL THEN
    RETURN NULL;
  END IF;
  SELECT subject.key INTO v_key FROM security.subject_keys subject WHERE subject.subject_id = p_subject_id;
  IF NOT FOUND THEN
    INSERT INTO security.subject_keys (subject_id, key) VALUES (p_subject_id, public.gen_random_bytes(32))
    ON CONFLICT DO NOTHING;
    SELECT subject.key INTO v_key FROM security.subject_keys subject WHERE subject.subject_id = p_subject_id;
  END IF;
  RETURN v_key;
END
$$;
REVOKE ALL ON FUNCTION audit.subject_key(uuid) FROM PUBLIC;
