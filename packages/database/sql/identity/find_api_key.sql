-- drop: DROP FUNCTION identity.find_api_key(text);
-- identity.find_api_key: the key with that prefix, for who has to find out whether its secret was given. `is_open`: the
-- key was not revoked, and its business is neither suspended nor deleted.
CREATE OR REPLACE FUNCTION identity.find_api_key(p_prefix text)
RETURNS TABLE (
  id uuid, business_id uuid, secret_hash bytea, scopes text[], allowed_origins text[], expires_at timestamptz,
  last_used_at timestamptz, is_open boolean
)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' AS $$
  SELECT key.id, key.business_id, key.secret_hash, key.scopes, key.allowed_origins, key.expires_at, used.last_used_at,
    key.revoked_at IS NULL AND business.status <> 'suspended' AND business.deleted_at IS NULL
  FROM identity.api_keys key
  JOIN business.businesses business ON business.id = key.business_id
  LEFT JOIN identity.api_key_uses used ON used.api_key_id = key.id
  WHERE key.prefix = p_prefix
$$;
REVOKE ALL ON FUNCTION identity.find_api_key(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION identity.find_api_key(text) TO pika_app;
