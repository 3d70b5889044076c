-- drop: DROP FUNCTION users.forget_person(uuid, timestamptz);
-- users.forget_person: for identity.erase_person: leaves an id, and when it came and went.
CREATE OR REPLACE FUNCTION users.forget_person(p_user_id uuid, p_now timestamptz) RETURNS void
LANGUAGE sql SET search_path = '' AS $$
  DELETE FROM users.addresses WHERE user_id = p_user_id;
  DELETE FROM users.preferences WHERE user_id = p_user_id;
  UPDATE users.users
  SET state = 'erased', email = p_user_id::text || '@erased.invalid', display_name = '-', language_code = NULL,
    state_reason = NULL, deleted_at = p_now
  WHERE id = p_user_id
$$;
REVOKE ALL ON FUNCTION users.forget_person(uuid, timestamptz) FROM PUBLIC;
