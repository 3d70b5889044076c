-- drop: DROP FUNCTION audit.encrypt(text, bytea);
-- audit.encrypt: a text under the key of a person, as the log keeps it: base64 of the initialisation vector and AES-256.
CREATE OR REPLACE FUNCTION audit.encrypt(p_text text, p_key bytea) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
  v_iv bytea := public.gen_random_bytes(16);
BEGIN
  RETURN translate(encode(
    v_iv || public.encrypt_iv(convert_to(p_text, 'UTF8'), p_key, v_iv, 'aes'), 'base64'), E'\n', '');
END
$$;
REVOKE ALL ON FUNCTION audit.encrypt(text, bytea) FROM PUBLIC;
