SET LOCAL lock_timeout = '5s';
SET LOCAL ROLE pika_owner;

DROP TRIGGER revoke_sessions ON users.users; DROP FUNCTION identity.revoke_sessions_of_user();
DROP FUNCTION identity.rotate_refresh_token(bytea, uuid, bytea, timestamptz, interval, interval);
DROP FUNCTION identity.prune_refresh_tokens(timestamptz, integer);
DROP FUNCTION identity.own_claims();
DROP FUNCTION identity.list_verification_keys(timestamptz);
DROP FUNCTION identity.list_signing_keys();
DROP FUNCTION identity.list_revoked_sessions(timestamptz);
DROP FUNCTION identity.is_session_alive(uuid, uuid, timestamptz);
DROP FUNCTION identity.insert_signing_key(text, jsonb, bytea, timestamptz, timestamptz, timestamptz, interval, text);
DROP FUNCTION identity.claims_of(uuid);
DROP FUNCTION business.memberships_of(uuid);
