-- drop: DROP TRIGGER keep_last_admin ON identity.role_grants; DROP TRIGGER users_keep_last_admin ON users.users; DROP FUNCTION identity.keep_last_admin();
-- identity.keep_last_admin: where there are admins, one stays who can log in: the last can neither lose the role nor be
-- suspended or erased. The lock puts those who go at once in a line. A refused change is a check_violation of the
-- constraint role_grants_last_admin.
CREATE OR REPLACE FUNCTION identity.keep_last_admin() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
  IF TG_TABLE_SCHEMA = 'users' THEN
    IF NOT EXISTS (SELECT FROM identity.role_grants held WHERE held.user_id = NEW.id AND held.role = 'admin') THEN
      RETURN NULL;
    END IF;
  END IF;
  PERFORM pg_advisory_xact_lock(hashtextextended('identity.keep_last_admin', 0));
  IF NOT EXISTS (
    SELECT FROM identity.role_grants held
    JOIN users.users person ON person.id = held.user_id AND person.state = 'active' AND person.deleted_at IS NULL
    WHERE held.role = 'admin'
  ) THEN
    RAISE EXCEPTION 'one admin stays' USING ERRCODE = 'check_violation',
      CONSTRAINT = 'role_grants_last_admin', SCHEMA = 'identity', TABLE = 'role_grants';
  END IF;
  RETURN NULL;
END
$$;
REVOKE ALL ON FUNCTION identity.keep_last_admin() FROM PUBLIC;
CREATE OR REPLACE TRIGGER keep_last_admin AFTER DELETE ON identity.role_grants
  FOR EACH ROW WHEN (OLD.role = 'admin') EXECUTE FUNCTION identity.keep_last_admin();
CREATE OR REPLACE TRIGGER users_keep_last_admin AFTER UPDATE OF state ON users.users
  FOR EACH ROW WHEN (OLD.state = 'active' AND NEW.state <> 'active') EXECUTE FUNCTION identity.keep_last_admin();
