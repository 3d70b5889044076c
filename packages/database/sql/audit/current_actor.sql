-- drop: DROP FUNCTION audit.current_actor();
-- audit.current_actor: who acts, as the transaction says in app.actor. Only the owner of the database may leave that
-- open, as one does by hand; everybody else is refused with PA001. `role` is asked and not current_user, which inside a
-- SECURITY DEFINER function is its owner.
CREATE OR REPLACE FUNCTION audit.current_actor() RETURNS text
LANGUAGE plpgsql STABLE AS $$
DECLARE
  v_actor text := current_setting('app.actor', true);
  v_role text := current_setting('role');
BEGIN
  IF v_actor <> '' THEN
    RETURN v_actor;
  END IF;
  IF pg_has_role(CASE v_role WHEN 'none' THEN session_user ELSE v_role::name END, 'pika_owner', 'MEMBER') THEN
    RETURN 'database:' || session_user;
  END IF;
  RAISE EXCEPTION 'an audited write needs an actor'
    USING ERRCODE = 'PA001', HINT = 'Set app.actor for the transaction, as inTransaction does.';
END
$$;
REVOKE ALL ON FUNCTION audit.current_actor() FROM PUBLIC;
