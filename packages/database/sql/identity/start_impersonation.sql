-- drop: DROP FUNCTION identity.start_impersonation(uuid, uuid, text, timestamptz, timestamptz);
-- after: identity/claims_of
-- identity.start_impersonation: a session in which the transaction's operator acts as somebody, with what an access token
-- says of that person. No row for who may not log in; for operators `is_operator`, without a session.
CREATE OR REPLACE FUNCTION identity.start_impersonation(
  p_session_id uuid, p_user_id uuid, p_reason text, p_now timestamptz, p_expires_at timestamptz
) RETURNS TABLE (is_operator boolean, businesses jsonb, language_code text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
  v_roles text[];
BEGIN
  IF NOT (security.has_role('support') OR security.has_role('admin')) THEN
    RAISE EXCEPTION 'operators alone act as others' USING ERRCODE = 'insufficient_privilege';
  END IF;
  SELECT own.roles, own.businesses, own.language_code INTO v_roles, businesses, language_code
  FROM identity.claims_of(p_user_id) own;
  IF NOT FOUND THEN
    RETURN;
  END IF;
  is_operator := cardinality(v_roles) > 0;
  IF NOT is_operator THEN
    INSERT INTO identity.sessions (id, user_id, impersonated_by, impersonation_reason, created_at, last_used_at, expires_at)
    VALUES (p_session_id, p_user_id, security.current_user_id(), p_reason, p_now, p_now, p_expires_at);
  END IF;
  RETURN NEXT;
END
$$;
REVOKE ALL ON FUNCTION identity.start_impersonation(uuid, uuid, text, timestamptz, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION identity.start_impersonation(uuid, uuid, text, timestamptz, timestamptz) TO pika_support;
