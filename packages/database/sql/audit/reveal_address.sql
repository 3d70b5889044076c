-- drop: DROP FUNCTION audit.reveal_address(text);
-- after: audit/decrypt
-- audit.reveal_address: the address of an entry as audit.seal_address was given it; NULL where its person was erased.
CREATE OR REPLACE FUNCTION audit.reveal_address(p_kept text) RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = '' AS $$
BEGIN
  IF p_kept NOT LIKE 'sealed:%' OR p_kept IS NULL THEN
    RETURN p_kept;
  END IF;
  RETURN (
    SELECT audit.decrypt(split_part(p_kept, ':', 3), subject.key) FROM security.subject_keys subject
    WHERE subject.subject_id = split_part(p_kept, ':', 2)::uuid
  );
END
$$;
REVOKE ALL ON FUNCTION audit.reveal_address(text) FROM PUBLIC;
