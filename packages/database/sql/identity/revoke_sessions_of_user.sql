-- drop: DROP TRIGGER revoke_sessions ON users.users; DROP FUNCTION identity.revoke_sessions_of_user();
-- identity.revoke_sessions_of_user: who is suspended or erased is logged out everywhere, whoever does it; of an operator,
-- also where they act as others.
CREATE OR REPLACE FUNCTION identity.revoke_sessions_of_user() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
  UPDATE identity.sessions SET revoked_at = clock_timestamp(), revoke_reason = 'user_' || NEW.state::text
  WHERE (user_id = NEW.id OR impersonated_by = NEW.id) AND revoked_at IS NULL;
  RETURN NULL;
END
$$;
REVOKE ALL ON FUNCTION identity.revoke_sessions_of_user() FROM PUBLIC;
CREATE OR REPLACE TRIGGER revoke_sessions AFTER UPDATE OF state ON users.users
  FOR EACH ROW WHEN (OLD.state = 'active' AND NEW.state <> 'active') EXECUTE FUNCTION identity.revoke_sessions_of_user();
