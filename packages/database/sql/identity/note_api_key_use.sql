-- drop: DROP FUNCTION identity.note_api_key_use(uuid, timestamptz);
-- identity.note_api_key_use: when a key was last used, written at most once a minute however many processes say so.
CREATE OR REPLACE FUNCTION identity.note_api_key_use(p_id uuid, p_now timestamptz) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = '' AS $$
  INSERT INTO identity.api_key_uses AS used (api_key_id, last_used_at)
  SELECT key.id, p_now FROM identity.api_keys key WHERE key.id = p_id
  ON CONFLICT (api_key_id) DO UPDATE SET last_used_at = excluded.last_used_at
  WHERE used.last_used_at <= excluded.last_used_at - interval '1 minute'
$$;
REVOKE ALL ON FUNCTION identity.note_api_key_use(uuid, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION identity.note_api_key_use(uuid, timestamptz) TO pika_app;
