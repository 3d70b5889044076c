-- drop: DROP FUNCTION audit.erase_subject(uuid);
-- audit.erase_subject: destroys a person's key: what the log holds of theirs cannot be read any more, and nothing new of
-- theirs is kept. The entries stay as they were sealed. Answers whether there was a key.
CREATE OR REPLACE FUNCTION audit.erase_subject(p_subject_id uuid) RETURNS boolean
LANGUAGE plpgsql SET search_path = '' AS $$
DECLARE
  v_had_key boolean := EXISTS (
    SELECT FROM security.subject_keys subject WHERE subject.subject_id = p_subject_id AND subject.key IS NOT NULL
  );
BEGIN
  INSERT INTO security.subject_keys AS subject (subject_id, key, erased_at) VALUES (p_subject_id, NULL, now())
  ON CONFLICT (subject_id) DO UPDATE SET key = NULL, erased_at = excluded.erased_at WHERE subject.key IS NOT NULL;
  RETURN v_had_key;
END
$$;
REVOKE ALL ON FUNCTION audit.erase_subject(uuid) FROM PUBLIC;
