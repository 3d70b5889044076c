-- drop: DROP FUNCTION identity.find_credential(text);
-- identity.find_credential: who logs in with that e-mail address, in lower case, and what the password is checked against.
-- For nobody's transaction: a log-in, a registration or a forgotten password before the person is known.
CREATE OR REPLACE FUNCTION identity.find_credential(p_email text)
RETURNS TABLE (user_id uuid, password_hash text, is_active boolean, is_verified boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' AS $$
  SELECT person.id, credential.password_hash, person.state = 'active' AND person.deleted_at IS NULL,
    credential.email_verified_at IS NOT NULL
  FROM users.users person
  JOIN identity.credentials credential ON credential.user_id = person.id
  WHERE person.email = p_email
$$;
REVOKE ALL ON FUNCTION identity.find_credential(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION identity.find_credential(text) TO pika_app;
