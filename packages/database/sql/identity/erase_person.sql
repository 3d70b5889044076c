-- drop: DROP FUNCTION identity.erase_person(timestamptz, bytea);
-- after: audit/erase_subject
-- after: business/forget_person
-- after: business/inviters_of
-- after: marketplace/forget_person
-- after: security/forget_person
-- after: users/forget_person
-- identity.erase_person: erases the transaction's person: `erased`, with the sessions that ended; `soleOwner`, with the
-- businesses that need another owner first; `unknown`. Their key of the audit log is destroyed before anything else is
-- written, so that nothing that is removed here can be read there. p_email_hash is what their tries to log in are counted
-- by. The last admin is refused by identity.keep_last_admin.
CREATE OR REPLACE FUNCTION identity.erase_person(p_now timestamptz, p_email_hash bytea)
RETURNS TABLE (verdict text, session_ids uuid[], business_ids uuid[])
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
  v_user_id uuid := security.current_user_id();
  v_email text;
  v_inviter_ids uuid[];
BEGIN
  SELECT person.email INTO v_email FROM users.users person
  WHERE person.id = v_user_id AND person.state <> 'erased' FOR UPDATE;
  IF NOT FOUND THEN
    RETURN QUERY SELECT 'unknown', '{}'::uuid[], '{}'::uuid[];
    RETURN;
  END IF;
  v_inviter_ids := business.inviters_of(v_email);
  business_ids := business.forget_person(v_user_id, v_email, p_now);
  IF cardinality(business_ids) > 0 THEN
    RETURN QUERY SELECT 'soleOwner', '{}'::uuid[], business_ids;
    RETURN;
  END IF;
  PERFORM audit.erase_subject(v_user_id);
  session_ids := ARRAY(
    SELECT session.id FROM identity.sessions session WHERE session.user_id = v_user_id AND session.revoked_at IS NULL);
  PERFORM marketplace.forget_person(v_user_id);
  PERFORM users.forget_person(v_user_id, p_now);
  DELETE FROM identity.role_grants WHERE user_id = v_user_id;
  DELETE FROM identity.credentials WHERE user_id = v_user_id;
  DELETE FROM identity.email_links WHERE user_id = v_user_id;
  DELETE FROM identity.totp_factors WHERE user_id = v_user_id;
  DELETE FROM identity.backup_codes WHERE user_id = v_user_id;
  DELETE FROM identity.refresh_tokens token USING identity.sessions session
  WHERE session.id = token.session_id AND session.user_id = v_user_id;
  -- The rows stay: other processes learn from them that these sessions are over.
  UPDATE identity.sessions SET user_agent = NULL, client_address = NULL
  WHERE user_id = v_user_id OR impersonated_by = v_user_id;
  DELETE FROM security.login_attempts attempt WHERE attempt.email_hash = p_email_hash;
  PERFORM security.forget_person(v_user_id, v_email, v_inviter_ids);
  RETURN QUERY SELECT 'erased', session_ids, '{}'::uuid[];
END
$$;
REVOKE ALL ON FUNCTION identity.erase_person(timestamptz, bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION identity.erase_person(timestamptz, bytea) TO pika_app;
