SET LOCAL lock_timeout = '5s';
SET LOCAL ROLE pika_owner;

-- sql/business/memberships_of.sql
-- drop: DROP FUNCTION business.memberships_of(uuid);
-- business.memberships_of: what a person is in which business, as {"id": "role"}, without deleted businesses. The hundred
-- oldest memberships at most, because all of them stand in each access token.
CREATE OR REPLACE FUNCTION business.memberships_of(p_user_id uuid) RETURNS jsonb
LANGUAGE sql STABLE SET search_path = '' AS $$
  SELECT coalesce(jsonb_object_agg(oldest.business_id, oldest.role), '{}')
  FROM (
    SELECT member.business_id, member.role
    FROM business.members member
    JOIN business.businesses business ON business.id = member.business_id AND business.deleted_at IS NULL
    WHERE member.user_id = p_user_id
    ORDER BY member.created_at, member.business_id
    LIMIT 100
  ) oldest
$$;
REVOKE ALL ON FUNCTION business.memberships_of(uuid) FROM PUBLIC;
-- end

-- sql/identity/claims_of.sql
-- drop: DROP FUNCTION identity.claims_of(uuid);
-- after: business/memberships_of
-- identity.claims_of: what an access token says of a person; no row for who may not log in. For functions of this schema.
CREATE OR REPLACE FUNCTION identity.claims_of(p_user_id uuid)
RETURNS TABLE (roles text[], businesses jsonb, language_code text)
LANGUAGE sql STABLE SET search_path = '' AS $$
  SELECT
    ARRAY(SELECT held.role::text FROM identity.role_grants held WHERE held.user_id = person.id ORDER BY held.role),
    business.memberships_of(person.id),
    person.language_code
  FROM users.users person
  WHERE person.id = p_user_id AND person.state = 'active' AND person.deleted_at IS NULL
$$;
REVOKE ALL ON FUNCTION identity.claims_of(uuid) FROM PUBLIC;
-- end

-- sql/identity/insert_signing_key.sql
-- drop: DROP FUNCTION identity.insert_signing_key(text, jsonb, bytea, timestamptz, timestamptz, timestamptz, interval, text);
-- identity.insert_signing_key: publishes a key, provided that p_newest is the newest still, and says whether it did: of
-- processes that add one at once, one does. Those before it retire p_overlap after it begins to sign; what would begin
-- later than it, and what retired more than a day ago, is deleted.
CREATE OR REPLACE FUNCTION identity.insert_signing_key(
  p_kid text, p_public_jwk jsonb, p_encrypted_private_key bytea, p_published_at timestamptz, p_active_from timestamptz,
  p_retires_at timestamptz, p_overlap interval, p_newest text
) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
  v_newest text;
BEGIN
  LOCK TABLE identity.signing_keys IN SHARE ROW EXCLUSIVE MODE;
  SELECT signing.kid INTO v_newest FROM identity.signing_keys signing
  ORDER BY signing.active_from DESC, signing.kid DESC LIMIT 1;
  IF v_newest IS DISTINCT FROM p_newest THEN
    RETURN false;
  END IF;
  DELETE FROM identity.signing_keys signing
  WHERE signing.active_from >= p_active_from OR signing.retires_at < p_published_at - interval '1 day';
  UPDATE identity.signing_keys signing
  SET retires_at = greatest(p_active_from + p_overlap, signing.active_from + interval '1 millisecond')
  WHERE signing.retires_at > p_active_from + p_overlap;
  INSERT INTO identity.signing_keys (kid, algorithm, public_jwk, encrypted_private_key, published_at, active_from, retires_at)
  VALUES (p_kid, 'EdDSA', p_public_jwk, p_encrypted_private_key, p_published_at, p_active_from, p_retires_at);
  RETURN true;
END
$$;
REVOKE ALL ON FUNCTION identity.insert_signing_key(text, jsonb, bytea, timestamptz, timestamptz, timestamptz, interval, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION identity.insert_signing_key(text, jsonb, bytea, timestamptz, timestamptz, timestamptz, interval, text) TO pika_app;
-- end

-- sql/identity/is_session_alive.sql
-- drop: DROP FUNCTION identity.is_session_alive(uuid, uuid, timestamptz);
-- identity.is_session_alive: whether that is a session of that person, neither revoked nor expired, and the person may
-- be logged in.
CREATE OR REPLACE FUNCTION identity.is_session_alive(p_session_id uuid, p_user_id uuid, p_now timestamptz) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' AS $$
  SELECT EXISTS (
    SELECT FROM identity.sessions session
    JOIN users.users person ON person.id = session.user_id
    WHERE session.id = p_session_id AND session.user_id = p_user_id
      AND session.revoked_at IS NULL AND session.expires_at > p_now
      AND person.state = 'active' AND person.deleted_at IS NULL
  )
$$;
REVOKE ALL ON FUNCTION identity.is_session_alive(uuid, uuid, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION identity.is_session_alive(uuid, uuid, timestamptz) TO pika_app;
-- end

-- sql/identity/list_revoked_sessions.sql
-- drop: DROP FUNCTION identity.list_revoked_sessions(timestamptz);
-- identity.list_revoked_sessions: the sessions that were revoked since then, for every app: their access tokens may still
-- live.
CREATE OR REPLACE FUNCTION identity.list_revoked_sessions(p_since timestamptz)
RETURNS TABLE (id uuid, revoked_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' AS $$
  SELECT session.id, session.revoked_at FROM identity.sessions session WHERE session.revoked_at > p_since
$$;
REVOKE ALL ON FUNCTION identity.list_revoked_sessions(timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION identity.list_revoked_sessions(timestamptz) TO pika_app;
-- end

-- sql/identity/list_signing_keys.sql
-- drop: DROP FUNCTION identity.list_signing_keys();
-- identity.list_signing_keys: every key, oldest first, its private half as it is kept: encrypted under a key from the
-- environment of the identity app.
CREATE OR REPLACE FUNCTION identity.list_signing_keys() RETURNS SETOF identity.signing_keys
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' AS $$
  SELECT signing.* FROM identity.signing_keys signing ORDER BY signing.active_from, signing.kid
$$;
REVOKE ALL ON FUNCTION identity.list_signing_keys() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION identity.list_signing_keys() TO pika_app;
-- end

-- sql/identity/list_verification_keys.sql
-- drop: DROP FUNCTION identity.list_verification_keys(timestamptz);
-- identity.list_verification_keys: the public halves of the keys that access tokens may be signed with, for every app.
CREATE OR REPLACE FUNCTION identity.list_verification_keys(p_now timestamptz)
RETURNS TABLE (kid text, public_jwk jsonb)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' AS $$
  SELECT signing.kid, signing.public_jwk FROM identity.signing_keys signing
  WHERE signing.retires_at > p_now
  ORDER BY signing.active_from, signing.kid
$$;
REVOKE ALL ON FUNCTION identity.list_verification_keys(timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION identity.list_verification_keys(timestamptz) TO pika_app;
-- end

-- sql/identity/own_claims.sql
-- drop: DROP FUNCTION identity.own_claims();
-- after: identity/claims_of
-- identity.own_claims: what an access token says of the person the transaction acts for; no row for who may not log in.
CREATE OR REPLACE FUNCTION identity.own_claims()
RETURNS TABLE (roles text[], businesses jsonb, language_code text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' AS $$
  SELECT own.roles, own.businesses, own.language_code FROM identity.claims_of(security.current_user_id()) own
$$;
REVOKE ALL ON FUNCTION identity.own_claims() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION identity.own_claims() TO pika_app;
-- end

-- sql/identity/prune_refresh_tokens.sql
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

-- sql/identity/revoke_sessions_of_user.sql
-- drop: DROP TRIGGER revoke_sessions ON users.users; DROP FUNCTION identity.revoke_sessions_of_user();
-- identity.revoke_sessions_of_user: who is suspended or erased is logged out everywhere, whoever does it.
CREATE OR REPLACE FUNCTION identity.revoke_sessions_of_user() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
  UPDATE identity.sessions SET revoked_at = clock_timestamp(), revoke_reason = 'user_' || NEW.state::text
  WHERE user_id = NEW.id AND revoked_at IS NULL;
  RETURN NULL;
END
$$;
REVOKE ALL ON FUNCTION identity.revoke_sessions_of_user() FROM PUBLIC;
CREATE OR REPLACE TRIGGER revoke_sessions AFTER UPDATE OF state ON users.users
  FOR EACH ROW WHEN (OLD.state = 'active' AND NEW.state <> 'active') EXECUTE FUNCTION identity.revoke_sessions_of_user();
-- end
