-- drop: DROP FUNCTION marketplace.insert_token_key(text, jsonb, bytea, timestamptz, timestamptz, timestamptz, interval, text);
-- marketplace.insert_token_key: as identity.insert_signing_key, for the keys of voucher tokens.
CREATE OR REPLACE FUNCTION marketplace.insert_token_key(
  p_kid text, p_public_jwk jsonb, p_encrypted_private_key bytea, p_published_at timestamptz, p_active_from timestamptz,
  p_retires_at timestamptz, p_overlap interval, p_newest text
) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
  v_newest text;
BEGIN
  LOCK TABLE marketplace.token_keys IN SHARE ROW EXCLUSIVE MODE;
  SELECT signing.kid INTO v_newest FROM marketplace.token_keys signing
  ORDER BY signing.active_from DESC, signing.kid DESC LIMIT 1;
  IF v_newest IS DISTINCT FROM p_newest THEN
    RETURN false;
  END IF;
  DELETE FROM marketplace.token_keys signing
  WHERE signing.active_from >= p_active_from OR signing.retires_at < p_published_at - interval '1 day';
  UPDATE marketplace.token_keys signing
  SET retires_at = greatest(p_active_from + p_overlap, signing.active_from + interval '1 millisecond')
  WHERE signing.retires_at > p_active_from + p_overlap;
  INSERT INTO marketplace.token_keys (kid, public_jwk, encrypted_private_key, published_at, active_from, retires_at)
  VALUES (p_kid, p_public_jwk, p_encrypted_private_key, p_published_at, p_active_from, p_retires_at);
  RETURN true;
END
$$;
REVOKE ALL ON FUNCTION marketplace.insert_token_key(text, jsonb, bytea, timestamptz, timestamptz, timestamptz, interval, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION marketplace.insert_token_key(text, jsonb, bytea, timestamptz, timestamptz, timestamptz, interval, text) TO pika_app;
