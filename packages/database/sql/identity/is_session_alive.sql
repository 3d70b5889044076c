-- drop: DROP FUNCTION identity.is_session_alive(uuid, uuid, timestamptz);
-- identity.is_session_alive: whether that is a session of that person, neither revoked nor expired, and the person may
-- be logged in.
CREATE OR REPLACE FUNCTION identity.is_session_alive(p_session_id uuid, p_user_id uuid, p_now timestamptz) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' AS $$
  SELECT EXISTS (
    SELECT FROM identity.sessions session
    JOIN users.users person ON person.id = session.user_id
    WHERE session.id = p_session_id AND session.user_id = p_user_id
      AND session.revoked_at IS NULL AND session.expires_at > p_now
      AND person.state = 'active' AND person.deleted_at IS NULL
  )
$$;
REVOKE ALL ON FUNCTION identity.is_session_alive(uuid, uuid, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION identity.is_session_alive(uuid, uuid, timestamptz) TO pika_app;
