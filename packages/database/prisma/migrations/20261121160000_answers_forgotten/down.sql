SET LOCAL lock_timeout = '5s';
SET LOCAL ROLE pika_owner;

DROP FUNCTION security.forget_person(uuid, text, uuid[]);
DROP FUNCTION identity.start_impersonation(uuid, uuid, text, text, inet, timestamptz, timestamptz);
DROP FUNCTION business.inviters_of(text);

-- sql/identity/erase_person.sql
-- drop: DROP FUNCTION identity.erase_person(timestamptz, bytea);
-- after: audit/erase_subject
-- after: business/forget_person
-- after: marketplace/forget_person
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
BEGIN
  SELECT person.email INTO v_email FROM users.users person
  WHERE person.id = v_user_id AND person.state <> 'erased' FOR UPDATE;
  IF NOT FOUND THEN
    RETURN QUERY SELECT 'unknown', '{}'::uuid[], '{}'::uuid[];
    RETURN;
  END IF;
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
  UPDATE identity.sessions SET user_agent = NULL, client_address = NULL WHERE user_id = v_user_id;
  DELETE FROM security.login_attempts attempt WHERE attempt.email_hash = p_email_hash;
  DELETE FROM security.idempotency_keys kept WHERE kept.caller = 'user:' || v_user_id::text;
  RETURN QUERY SELECT 'erased', session_ids, '{}'::uuid[];
END
$$;
REVOKE ALL ON FUNCTION identity.erase_person(timestamptz, bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION identity.erase_person(timestamptz, bytea) TO pika_app;
-- end

-- sql/identity/revoke_api_key.sql
-- drop: DROP FUNCTION identity.revoke_api_key(uuid, timestamptz);
-- identity.revoke_api_key: ends a key of a business whose owner or manager the transaction's person is: `revoked`, again
-- too; `denied` to its other members; `unknown` to everybody else.
CREATE OR REPLACE FUNCTION identity.revoke_api_key(p_id uuid, p_now timestamptz) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
  v_role text;
BEGIN
  SELECT CASE WHEN business.owner_id = security.current_user_id() THEN 'owner' ELSE member.role::text END INTO v_role
  FROM identity.api_keys key
  JOIN business.businesses business ON business.id = key.business_id
  LEFT JOIN business.members member
    ON member.business_id = business.id AND member.user_id = security.current_user_id()
  WHERE key.id = p_id;
  IF v_role IS NULL THEN
    RETURN 'unknown';
  ELSIF v_role NOT IN ('owner', 'manager') THEN
    RETURN 'denied';
  END IF;
  UPDATE identity.api_keys SET revoked_at = p_now WHERE id = p_id AND revoked_at IS NULL;
  RETURN 'revoked';
END
$$;
REVOKE ALL ON FUNCTION identity.revoke_api_key(uuid, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION identity.revoke_api_key(uuid, timestamptz) TO pika_app;
-- end

-- sql/identity/rotate_refresh_token.sql
-- drop: DROP FUNCTION identity.rotate_refresh_token(bytea, uuid, bytea, timestamptz, interval, interval);
-- after: identity/claims_of
-- identity.rotate_refresh_token: exchanges the refresh token with that hash for its successor, and says how it went:
-- `rotated`; `repeated` within the grace, with the successor of the first time; `reused` later than that, which revokes the
-- session; else `unknown`, `revoked`, `expired` or `inactive`. Only the first two come with claims. It locks the session,
-- so that whatever happens to one happens in a line, and it returns a refusal instead of raising it, so that it commits.
CREATE OR REPLACE FUNCTION identity.rotate_refresh_token(
  p_token_hash bytea, p_successor_id uuid, p_successor_hash bytea, p_now timestamptz, p_grace interval, p_idle interval
) RETURNS TABLE (
  verdict text, session_id uuid, user_id uuid, token_id uuid, issued_at timestamptz, roles text[], businesses jsonb,
  language_code text
)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
  v_session identity.sessions;
  v_token identity.refresh_tokens;
  v_successor identity.refresh_tokens;
BEGIN
  SELECT session.* INTO v_session FROM identity.sessions session
  WHERE session.id = (
    SELECT token.session_id FROM identity.refresh_tokens token WHERE token.token_hash = p_token_hash
  )
  FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    verdict := 'unknown';
    RETURN NEXT;
    RETURN;
  END IF;

  -- Read after the lock: who waited for it sees what the one before did.
  SELECT token.* INTO v_token FROM identity.refresh_tokens token WHERE token.token_hash = p_token_hash;
  SELECT successor.* INTO v_successor FROM identity.refresh_tokens successor WHERE successor.id = v_token.successor_id;
  SELECT own.roles, own.businesses, own.language_code INTO roles, businesses, language_code
  FROM identity.claims_of(v_session.user_id) own;
  verdict := CASE
    WHEN v_token.id IS NULL THEN 'unknown'
    WHEN v_session.revoked_at IS NOT NULL THEN 'revoked'
    WHEN v_session.expires_at <= p_now THEN 'expired'
    WHEN roles IS NULL THEN 'inactive'
    WHEN v_token.rotated_at + p_grace < p_now THEN 'reused'
    WHEN v_token.expires_at <= p_now THEN 'expired'
    WHEN v_token.rotated_at IS NULL THEN 'rotated'
    WHEN v_successor.token_hash = p_successor_hash THEN 'repeated'
    ELSE 'unknown'
  END;
  session_id := v_session.id;
  user_id := v_session.user_id;

  IF verdict = 'rotated' THEN
    INSERT INTO identity.refresh_tokens (id, session_id, token_hash, issued_at, expires_at)
    VALUES (p_successor_id, v_session.id, p_successor_hash, p_now, least(p_now + p_idle, v_session.expires_at));
    UPDATE identity.refresh_tokens SET rotated_at = p_now, successor_id = p_successor_id
    WHERE id = v_token.id AND rotated_at IS NULL;
    -- At most once an hour, because each change of a session is written to the audit log.
    UPDATE identity.sessions SET last_used_at = p_now
    WHERE id = v_session.id AND last_used_at < p_now - interval '1 hour';
    token_id := p_successor_id;
    issued_at := p_now;
  ELSIF verdict = 'repeated' THEN
    token_id := v_successor.id;
    issued_at := v_successor.issued_at;
  ELSE
    roles := NULL;
    businesses := NULL;
    language_code := NULL;
    IF verdict = 'reused' THEN
      UPDATE identity.sessions SET revoked_at = p_now, revoke_reason = 'refresh_token_reused' WHERE id = v_session.id;
    END IF;
  END IF;
  RETURN NEXT;
END
$$;
REVOKE ALL ON FUNCTION identity.rotate_refresh_token(bytea, uuid, bytea, timestamptz, interval, interval) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION identity.rotate_refresh_token(bytea, uuid, bytea, timestamptz, interval, interval) TO pika_app;
-- end

-- sql/identity/start_impersonation.sql
-- drop: DROP FUNCTION identity.start_impersonation(uuid, uuid, text, timestamptz, timestamptz);
-- after: identity/claims_of
-- identity.start_impersonation: a session in which the transaction's operator acts as somebody, with what an access token
-- says of that person. No row for who may not log in; for operators `is_operator`, without a session. The locks make wait
-- who suspends either of them or takes the operator's role away, and find the session.
CREATE OR REPLACE FUNCTION identity.start_impersonation(
  p_session_id uuid, p_user_id uuid, p_reason text, p_now timestamptz, p_expires_at timestamptz
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
    INSERT INTO identity.sessions (id, user_id, impersonated_by, impersonation_reason, created_at, last_used_at, expires_at)
    VALUES (p_session_id, p_user_id, security.current_user_id(), p_reason, p_now, p_now, p_expires_at);
  END IF;
  RETURN NEXT;
END
$$;
REVOKE ALL ON FUNCTION identity.start_impersonation(uuid, uuid, text, timestamptz, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION identity.start_impersonation(uuid, uuid, text, timestamptz, timestamptz) TO pika_support;
-- end
