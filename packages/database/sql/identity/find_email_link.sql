-- drop: DROP FUNCTION identity.find_email_link(bytea, identity.email_link_purpose, timestamptz);
-- identity.find_email_link: the link with that hash and whose it is, while it is good. It is spent in a transaction of
-- that person.
CREATE OR REPLACE FUNCTION identity.find_email_link(
  p_token_hash bytea, p_purpose identity.email_link_purpose, p_now timestamptz
) RETURNS TABLE (id uuid, user_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' AS $$
  SELECT link.id, link.user_id
  FROM identity.email_links link
  JOIN users.users person ON person.id = link.user_id
  WHERE link.token_hash = p_token_hash AND link.purpose = p_purpose AND link.used_at IS NULL AND link.expires_at > p_now
    AND person.state = 'active' AND person.deleted_at IS NULL
$$;
REVOKE ALL ON FUNCTION identity.find_email_link(bytea, identity.email_link_purpose, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION identity.find_email_link(bytea, identity.email_link_purpose, timestamptz) TO pika_app;
