-- drop: DROP FUNCTION identity.list_revoked_sessions(timestamptz);
-- identity.list_revoked_sessions: the sessions that were revoked since then, for every app: their access tokens may still
-- live.
CREATE OR REPLACE FUNCTION identity.list_revoked_sessions(p_since timestamptz)
RETURNS TABLE (id uuid, revoked_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' AS $$
  SELECT session.id, session.revoked_at FROM identity.sessions session WHERE session.revoked_at > p_since
$$;
REVOKE ALL ON FUNCTION identity.list_revoked_sessions(timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION identity.list_revoked_sessions(timestamptz) TO pika_app;
