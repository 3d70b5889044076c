-- drop: DROP FUNCTION identity.rotate_refresh_token(bytea, uuid, bytea, timestamptz, interval, interval);
-- after: identity/claims_of
-- identity.rotate_refresh_token: exchanges the refresh token with that hash for its successor, and says how it went:
-- `rotated`; `repeated` within the grace, with the successor of the first time; `reused` later than that, or where the
-- successor has been exchanged, so that its answer was not lost, which revokes the session; else `unknown`, `revoked`, `expired` or `inactive`. Only the first two come with claims. It locks the session,
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
    WHEN v_token.rotated_at + p_grace < p_now OR v_successor.rotated_at IS NOT NULL THEN 'reused'
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
