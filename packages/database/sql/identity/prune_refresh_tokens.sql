-- drop: DROP FUNCTION identity.prune_refresh_tokens(timestamptz, integer);
-- identity.prune_refresh_tokens: deletes refresh tokens that expired before then, at most p_limit, and says how many.
CREATE OR REPLACE FUNCTION identity.prune_refresh_tokens(p_before timestamptz, p_limit integer) RETURNS integer
LANGUAGE sql SECURITY DEFINER SET search_path = '' AS $$
  WITH expired AS (
    SELECT token.id FROM identity.refresh_tokens token
    WHERE token.expires_at < p_before
    ORDER BY token.expires_at
    LIMIT p_limit
    FOR UPDATE SKIP LOCKED
  ), pruned AS (
    DELETE FROM identity.refresh_tokens token USING expired WHERE token.id = expired.id
    RETURNING token.id
  )
  SELECT count(*)::integer FROM pruned
$$;
REVOKE ALL ON FUNCTION identity.prune_refresh_tokens(timestamptz, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION identity.prune_refresh_tokens(timestamptz, integer) TO pika_app;
