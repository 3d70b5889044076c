-- drop: DROP FUNCTION audit.decrypt(text, bytea);
-- audit.decrypt: what audit.encrypt was given; NULL without the key.
CREATE OR REPLACE FUNCTION audit.decrypt(p_kept text, p_key bytea) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT AS $$
DECLARE
  v_bytes bytea := decode(p_kept, 'base64');
BEGIN
  RETURN convert_from(public.decrypt_iv(substr(v_bytes, 17), p_key, substr(v_bytes, 1, 16), 'aes'), 'UTF8');
END
$$;
REVOKE ALL ON FUNCTION audit.decrypt(text, bytea) FROM PUBLIC;
