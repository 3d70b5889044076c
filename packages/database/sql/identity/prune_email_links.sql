-- drop: DROP FUNCTION identity.prune_email_links(timestamptz, integer);
-- identity.prune_email_links: deletes links that expired before then, at most p_limit, and says how many.
CREATE OR REPLACE FUNCTION identity.prune_email_links(p_before timestamptz, p_limit integer) RETURNS integer
LANGUAGE sql SECURITY DEFINER SET search_path = '' AS $$
  WITH expired AS (
    SELECT link.id FROM identity.email_links link
    WHERE link.expires_at < p_before
    ORDER BY link.expires_at
    LIMIT p_limit
    FOR UPDATE SKIP LOCKED
  ), pruned AS (
    DELETE FROM identity.email_links link USING expired WHERE link.id = expired.id
    RETURNING link.id
  )
  SELECT count(*)::integer FROM pruned
$$;
REVOKE ALL ON FUNCTION identity.prune_email_links(timestamptz, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION identity.prune_email_links(timestamptz, integer) TO pika_app;
