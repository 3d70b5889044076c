-- drop: DROP FUNCTION security.login_attempts_of(bytea, integer);
-- security.login_attempts_of: the tries to log in with an e-mail address, by its hash, the latest first, at most p_limit:
-- as users.own_rows, for who knows the key of the hash and that the address is the transaction's person's.
CREATE OR REPLACE FUNCTION security.login_attempts_of(p_email_hash bytea, p_limit integer)
RETURNS TABLE (table_name text, content jsonb)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' SET "TimeZone" = 'UTC' AS $$
  SELECT 'security.login_attempts', to_jsonb(attempt) - 'email_hash' FROM security.login_attempts attempt
  WHERE attempt.email_hash = p_email_hash
  ORDER BY attempt.attempted_at DESC LIMIT p_limit
$$;
REVOKE ALL ON FUNCTION security.login_attempts_of(bytea, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION security.login_attempts_of(bytea, integer) TO pika_app;
