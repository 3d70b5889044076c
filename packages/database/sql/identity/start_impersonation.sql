-- drop: DROP FUNCTION identity.start_impersonation(uuid, uuid, text, text, inet, timestamptz, timestamptz);
-- after: identity/claims_of
-- identity.start_impersonation: a session in which the transaction's operator acts as somebody, from where the operator is, with what
-- an access token says of that person. No row for who may not log in; for operators `is_operator`, without a session. The locks make wait
-- who suspends either of them or takes the operator's role away, and find the session.
CREATE OR REPLACE FUNCTION identity.start_impersonation(
  p_session_id uuid, p_user_id uuid, p_reason text, p_user_agent text, p_client_address inet, p_now timestamptz,
  p_expires_at timestamptz
) RETURNS TABLE (is_operator boolean, businesses jsonb, language_code text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
  v_roles text[];
BEGIN
  PERFORM FROM users.users person WHERE person.id IN (p_user_id, security.current_user_id()) ORDER BY person.id FOR SHARE;
  -- An access token says what its person was when it was issued.
  IF NOT EXISTS (SELECT FROM identity.claims_of(security.current_user_id()) own WHERE own.roles && '{support,admin}') THEN
    RAISE EXCEPTION 'operators alone act as others' USING ERRCODE = 'insufficient_privilege';
  END IF;
  SELECT own.roles, own.businesses, own.language_code INTO v_roles, businesses, language_code
  FROM identity.claims_of(p_user_id) own;
  IF NOT FOUND THEN
    RETURN;
  END IF;
  is_operator := cardinality(v_roles) > 0;
  IF NOT is_operator THEN
    INSERT INTO identity.sessions (
      id, user_id, impersonated_by, impersonation_reason, user_agent, client_address, created_at, last_used_at, expires_at
    ) VALUES (
      p_session_id, p_user_id, security.current_user_id(), p_reason, p_user_agent, p_client_address, p_now, p_now,
      p_expires_at
    );
  END IF;
  RETURN NEXT;
END
$$;
REVOKE ALL ON FUNCTION identity.start_impersonation(uuid, uuid, text, text, inet, timestamptz, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION identity.start_impersonation(uuid, uuid, text, text, inet, timestamptz, timestamptz) TO pika_support;
