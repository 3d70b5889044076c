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
