-- drop: DROP FUNCTION security.open_login_attempt(uuid, bytea, inet, security.login_outcome, timestamptz);
-- after: security/login_delay
-- security.open_login_attempt: notes a try to log in before its password is looked at, and says how many seconds too early
-- it is: 0 where it may go on. It is noted as the failure that it will be unless security.settle_login_attempt says
-- otherwise, under locks of the account and of the address: of any number at once no more go on than failures are free,
-- and whoever ends a process in between has spent one. Those of an account count since its last success or new password,
-- for a day at most: 5 are free, then 30 s to an hour. Those of an address count for an hour, whatever succeeds between:
-- 50 are free, then 30 s to 15 minutes.
CREATE OR REPLACE FUNCTION security.open_login_attempt(
  p_id uuid, p_email_hash bytea, p_client_address inet, p_failure security.login_outcome, p_now timestamptz
) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
  v_wait integer;
BEGIN
  -- The account before the address, always: two tries cannot wait for each other.
  PERFORM pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended(encode(p_email_hash, 'hex'), 7266));
  PERFORM pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended(p_client_address::text, 7267));
  WITH cleared AS (
    SELECT max(attempt.attempted_at) AS since FROM security.login_attempts attempt
    WHERE attempt.email_hash = p_email_hash AND attempt.outcome::text IN ('success', 'password_reset')
      AND attempt.attempted_at > p_now - interval '1 day'
  ), account AS (
    SELECT max(attempt.attempted_at) + security.login_delay(count(*), 5, interval '1 hour') AS until
    FROM security.login_attempts attempt
    WHERE attempt.email_hash = p_email_hash
      AND attempt.outcome::text IN ('wrong_password', 'unknown_email', 'wrong_code')
      AND attempt.attempted_at >= greatest(p_now - interval '1 day', (SELECT since FROM cleared))
  ), address AS (
    SELECT max(attempt.attempted_at) + security.login_delay(count(*), 50, interval '15 minutes') AS until
    FROM security.login_attempts attempt
    WHERE attempt.client_address = p_client_address
      AND attempt.outcome::text IN ('wrong_password', 'unknown_email', 'wrong_code')
      AND attempt.attempted_at > p_now - interval '1 hour'
  )
  SELECT ceil(extract(epoch FROM greatest(account.until, address.until, p_now) - p_now)) INTO v_wait
  FROM account, address;
  INSERT INTO security.login_attempts (id, email_hash, client_address, outcome, attempted_at)
  VALUES (p_id, p_email_hash, p_client_address, CASE WHEN v_wait > 0 THEN 'locked' ELSE p_failure END, p_now);
  RETURN v_wait;
END
$$;
REVOKE ALL ON FUNCTION security.open_login_attempt(uuid, bytea, inet, security.login_outcome, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION security.open_login_attempt(uuid, bytea, inet, security.login_outcome, timestamptz) TO pika_app;
