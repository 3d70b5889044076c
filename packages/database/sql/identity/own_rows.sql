-- drop: DROP FUNCTION identity.own_rows(integer);
-- identity.own_rows: what this schema holds of the transaction's person, as users.own_rows. Hashes and encrypted secrets
-- are left out: they open doors and say nothing.
CREATE OR REPLACE FUNCTION identity.own_rows(p_limit integer) RETURNS TABLE (table_name text, row_key jsonb, content jsonb)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' SET "TimeZone" = 'UTC' AS $$
  (SELECT 'identity.credentials', jsonb_build_object('user_id', own.user_id), to_jsonb(own) - 'password_hash'
   FROM identity.credentials own WHERE own.user_id = security.current_user_id())
  UNION ALL
  (SELECT 'identity.email_links', jsonb_build_object('id', own.id), to_jsonb(own) - 'token_hash'
   FROM identity.email_links own WHERE own.user_id = security.current_user_id() ORDER BY own.id DESC LIMIT p_limit)
  UNION ALL
  (SELECT 'identity.totp_factors', jsonb_build_object('user_id', own.user_id),
     to_jsonb(own) - '{encrypted_secret,last_used_step}'::text[]
   FROM identity.totp_factors own WHERE own.user_id = security.current_user_id())
  UNION ALL
  (SELECT 'identity.backup_codes', jsonb_build_object('id', own.id), to_jsonb(own) - 'code_hash'
   FROM identity.backup_codes own WHERE own.user_id = security.current_user_id() ORDER BY own.id DESC LIMIT p_limit)
  UNION ALL
  (SELECT 'identity.sessions', jsonb_build_object('id', own.id), to_jsonb(own)
   FROM identity.sessions own WHERE own.user_id = security.current_user_id() ORDER BY own.id DESC LIMIT p_limit)
  UNION ALL
  (SELECT 'identity.refresh_tokens', jsonb_build_object('id', token.id), to_jsonb(token) - 'token_hash'
   FROM identity.refresh_tokens token JOIN identity.sessions own ON own.id = token.session_id
   WHERE own.user_id = security.current_user_id() ORDER BY token.id DESC LIMIT p_limit)
  UNION ALL
  (SELECT 'identity.role_grants', jsonb_build_object('user_id', own.user_id, 'role', own.role), to_jsonb(own)
   FROM identity.role_grants own WHERE own.user_id = security.current_user_id())
$$;
REVOKE ALL ON FUNCTION identity.own_rows(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION identity.own_rows(integer) TO pika_app;
