-- drop: DROP FUNCTION audit.seal_address(text, text, uuid);
-- after: audit/encrypt
-- after: audit/subject_key
-- audit.seal_address: the address that an actor came from, as the log keeps it. A person's is encrypted under their key,
-- 'sealed:<person>:<base64>', and left out once they are erased. The person is who acts, an operator where one acts as
-- another, and for an anonymous actor the one whom the row is about; the address of others stands in clear.
CREATE OR REPLACE FUNCTION audit.seal_address(p_address text, p_actor text, p_row_subject_id uuid) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
  v_person_id uuid;
  v_key bytea;
BEGIN
  IF p_address IS NULL THEN
    RETURN NULL;
  END IF;
  v_person_id := CASE
    WHEN p_actor = 'anonymous' THEN p_row_subject_id
    ELSE substring(p_actor FROM '^user:(?:.* by user:)?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$')::uuid
  END;
  IF v_person_id IS NULL THEN
    RETURN p_address;
  END IF;
  v_key := audit.subject_key(v_person_id);
  IF v_key IS NULL THEN
    RETURN NULL;
  END IF;
  RETURN 'sealed:' || v_person_id::text || ':' || audit.encrypt(p_address, v_key);
END
$$;
REVOKE ALL ON FUNCTION audit.seal_address(text, text, uuid) FROM PUBLIC;
