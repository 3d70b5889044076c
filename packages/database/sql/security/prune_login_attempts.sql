-- drop: DROP FUNCTION security.prune_login_attempts(timestamptz, integer);
-- security.prune_login_attempts: deletes tries to log in from before then, at most p_limit, and says how many.
CREATE OR REPLACE FUNCTION security.prune_login_attempts(p_before timestamptz, p_limit integer) RETURNS integer
LANGUAGE sql SECURITY DEFINER SET search_path = '' AS $$
  WITH old AS (
    SELECT attempt.id FROM security.login_attempts attempt
    WHERE attempt.attempted_at < p_before
    ORDER BY attempt.attempted_at
    LIMIT p_limit
    FOR UPDATE SKIP LOCKED
  ), pruned AS (
    DELETE FROM security.login_attempts attempt USING old WHERE attempt.id = old.id
    RETURNING attempt.id
  )
  SELECT count(*)::integer FROM pruned
$$;
REVOKE ALL ON FUNCTION security.prune_login_attempts(timestamptz, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION security.prune_login_attempts(timestamptz, integer) TO pika_app;
