-- drop: DROP FUNCTION security.settle_login_attempt(uuid, security.login_outcome);
-- security.settle_login_attempt: how a try to log in ended that security.open_login_attempt let go on.
CREATE OR REPLACE FUNCTION security.settle_login_attempt(p_id uuid, p_outcome security.login_outcome) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = '' AS $$
  UPDATE security.login_attempts attempt SET outcome = p_outcome WHERE attempt.id = p_id AND attempt.outcome = 'wrong_password'
$$;
REVOKE ALL ON FUNCTION security.settle_login_attempt(uuid, security.login_outcome) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION security.settle_login_attempt(uuid, security.login_outcome) TO pika_app;
