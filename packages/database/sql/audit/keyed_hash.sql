-- drop: DROP FUNCTION audit.keyed_hash(text);
-- audit.keyed_hash: what the log holds instead of a hashed column. Keyed, so that nobody who reads the log alone can
-- try out likely values.
CREATE OR REPLACE FUNCTION audit.keyed_hash(p_value text) RETURNS text
LANGUAGE sql STABLE STRICT AS $$
  SELECT encode(public.hmac(convert_to(p_value, 'UTF8'), key.key, 'sha256'), 'hex')
  FROM security.hash_keys key WHERE key.purpose = 'audit'
$$;
REVOKE ALL ON FUNCTION audit.keyed_hash(text) FROM PUBLIC;
