-- drop: DROP FUNCTION security.current_user_id();
-- security.current_user_id: who the transaction acts for; NULL for nobody. On a reused connection the setting is ''
-- rather than absent. Policies write (SELECT security.current_user_id()), so that it is read once per statement.
CREATE OR REPLACE FUNCTION security.current_user_id() RETURNS uuid
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT nullif(current_setting('app.user_id', true), '')::uuid
$$;
